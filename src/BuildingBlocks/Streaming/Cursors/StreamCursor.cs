using System.Buffers.Binary;
using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;

namespace Monolith.BuildingBlocks.Streaming.Cursors;

/// <summary>
/// A position in every partition of every log, as text that clients store and any host can read. It contains a version, then for each log
/// its tag, its number of partitions, its lowest offset, and the difference of each partition to that offset in as many bits as the largest
/// difference needs; then a checksum. The offsets of a log are close to each other, since streams are distributed evenly: two logs of 32
/// partitions take about 130 characters.
/// </summary>
internal static class StreamCursor
{
    private const byte Version = 1;
    private const int ChecksumBytes = 4;
    private const int MaxBytes = 64 * 1024;
    private const int MaxPartitions = 1024;
    private const int BitsOfByte = 8;
    private const int MaxBits = 63;

    /// <summary>Encodes a vector of next offsets.</summary>
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

    /// <summary>Decodes the next offsets of each log, by the tag of the log; null if the cursor is invalid or was changed.</summary>
    public static IReadOnlyDictionary<uint, long[]>? Decode(string text)
    {
        if (text.Length > Base64Url.GetMaxDecodedLength(MaxBytes) || !Base64Url.IsValid(text))
            return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= ChecksumBytes || bytes[0] != Version)
            return null;
        var content = bytes.AsSpan(0, bytes.Length - ChecksumBytes);
        var isIntact = SHA256.HashData(content).AsSpan(0, ChecksumBytes).SequenceEqual(bytes.AsSpan(content.Length));
        return isIntact ? ReadLogs(content[1..]) : null;
    }

    private static void WriteLog(CursorWriter writer, LogLayoutEntry log, ReadOnlySpan<long> offsets)
    {
        var (min, max) = (long.MaxValue, 0L);
        foreach (var offset in offsets)
            (min, max) = (Math.Min(min, offset), Math.Max(max, offset));
        var width = MaxBits + 1 - BitOperations.LeadingZeroCount((ulong)(max - min));

        Span<byte> tag = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(tag, log.Tag);
        writer.Bytes(tag);
        writer.Number(log.Partitions);
        writer.Number(min);
        writer.Byte((byte)width);
        foreach (var offset in offsets)
            writer.Bits((ulong)(offset - min), width);
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
        if (!TryReadNumber(ref bytes, out var partitions)
            || partitions is < 1 or > MaxPartitions
            || !TryReadNumber(ref bytes, out var min)
            || bytes.IsEmpty)
            return false;
        int width = bytes[0];
        var length = ((int)partitions * width + BitsOfByte - 1) / BitsOfByte;
        if (width > MaxBits || bytes.Length < 1 + length)
            return false;

        offsets = new long[partitions];
        for (var partition = 0; partition < offsets.Length; partition++)
        {
            offsets[partition] = min + (long)BitsAt(bytes.Slice(1, length), partition * width, width);
            if (offsets[partition] < 0)
                return false;
        }

        bytes = bytes[(1 + length)..];
        return true;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out long number)
    {
        number = 0;
        for (var (i, shift) = (0, 0); i < bytes.Length && shift < MaxBits; i++, shift += CursorWriter.NumberBits)
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
