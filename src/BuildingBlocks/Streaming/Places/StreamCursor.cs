using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;

namespace Monolith.BuildingBlocks.Streaming.Places;

/// <summary>
/// A place in every partition of every log, as text that clients keep and any host understands: a version, then of each log its tag, its partitions, its lowest offset, and by how much each partition
/// is above that, in as many bits as the largest needs; then a checksum. Offsets of a log are close to each other, since streams are spread evenly: two logs of 32 partitions take some 130 characters.
/// </summary>
internal static class StreamCursor
{
    private const byte Version = 1;
    private const int ChecksumBytes = 4;
    private const int MostBytes = 64 * 1024;
    private const int MostPartitions = 1024;
    private const int BitsOfByte = 8;
    private const int MostBits = 63;

    /// <summary>The cursor of a vector of next offsets.</summary>
    public static string Encode(LogLayout layout, ReadOnlySpan<long> vector)
    {
        var writer = new CursorWriter();
        writer.Byte(Version);
        var index = 0;
        foreach (var log in layout.Logs)
        {
            WriteLog(writer, log, vector.Slice(index, log.Partitions));
            index += log.Partitions;
        }

        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(writer.Written, checksum);
        writer.Bytes(checksum[..ChecksumBytes]);
        return Base64Url.EncodeToString(writer.Written);
    }

    /// <summary>Reads a cursor: the next offsets of each log that it names, by the log's tag.</summary>
    /// <returns>Null where it is none of ours, or was changed.</returns>
    public static IReadOnlyDictionary<uint, long[]>? Decode(string text)
    {
        if (text.Length > Base64Url.GetMaxDecodedLength(MostBytes) || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= ChecksumBytes || bytes[0] != Version)
            return null;
        var content = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        return SHA256.HashData(content).AsSpan(0, ChecksumBytes).SequenceEqual(bytes.AsSpan(content.Length)) ? ReadLogs(content[1..]) : null;
    }

    private static void WriteLog(CursorWriter writer, LogLayoutEntry log, ReadOnlySpan<long> offsets)
    {
        var (least, most) = (long.MaxValue, 0L);
        foreach (var offset in offsets)
            (least, most) = (Math.Min(least, offset), Math.Max(most, offset));
        var width = MostBits + 1 - BitOperations.LeadingZeroCount((ulong)(most - least));

        Span<byte> tag = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tag, log.Tag);
        writer.Bytes(tag);
        writer.Number(log.Partitions);
        writer.Number(least);
        writer.Byte((byte)width);
        foreach (var offset in offsets)
            writer.Bits((ulong)(offset - least), width);
        writer.EndBits();
    }

    private static Dictionary<uint, long[]>? ReadLogs(ReadOnlySpan<byte> bytes)
    {
        var logs = new Dictionary<uint, long[]>();
        while (!bytes.IsEmpty)
        {
            if (!TryReadLog(ref bytes, out var tag, out var offsets) || !logs.TryAdd(tag, offsets))
                return null;
        }

        return logs;
    }

    private static bool TryReadLog(ref ReadOnlySpan<byte> bytes, out uint tag, out long[] offsets)
    {
        offsets = [];
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(bytes, out tag))
            return false;
        bytes = bytes[sizeof(uint)..];
        if (!TryReadNumber(ref bytes, out var partitions) || partitions is < 1 or > MostPartitions || !TryReadNumber(ref bytes, out var least) || bytes.IsEmpty)
            return false;
        int width = bytes[0];
        var length = ((int)partitions * width + BitsOfByte - 1) / BitsOfByte;
        if (width > MostBits || bytes.Length < 1 + length)
            return false;

        offsets = new long[partitions];
        for (var partition = 0; partition < offsets.Length; partition++)
        {
            offsets[partition] = least + (long)BitsAt(bytes.Slice(1, length), partition * width, width);
            if (offsets[partition] < 0)
                return false;
        }

        bytes = bytes[(1 + length)..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        for (var (i, shift) = (0, 0); i < bytes.Length && shift < MostBits; i++, shift += CursorWriter.BitsOfNumber)
        {
            number |= (long)(bytes[i] & CursorWriter.NumberMask) << shift;
            if ((bytes[i] & ~CursorWriter.NumberMask) != 0)
                continue;
            bytes = bytes[(i + 1)..];
            return true;
        }

        return false;
    }

    private static ulong BitsAt(ReadOnlySpan<byte> bytes, int position, int width)
    {
        var value = 0UL;
        for (var bit = 0; bit < width; bit++)
        {
            var at = position + bit;
            value |= (ulong)(bytes[at / BitsOfByte] >> (at % BitsOfByte) & 1) << bit;
        }

        return value;
    }
}
