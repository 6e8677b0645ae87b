using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>
/// A place in a log as callers carry it from an answer to a later request: opaque to them, safe in a URL, and with a checksum, so that a token that was cut or mistyped is refused rather than waited for.
/// It is no secret and no proof: whoever makes one up waits for a place that may never come.
/// </summary>
public static class ConsistencyToken
{
    private const byte Format = 1;
    private const int ChecksumBytes = 4;
    private const int MostNameBytes = 128;

    // Format, length of the name, name, partition, offset, checksum.
    private const int FixedBytes = 1 + 1 + 2 * (1 + sizeof(long)) + ChecksumBytes;

    /// <summary>Writes a place.</summary>
    /// <param name="place">The place.</param>
    public static string Of(LogOffset place)
    {
        Span<byte> bytes = stackalloc byte[FixedBytes + MostNameBytes];
        var name = Encoding.UTF8.GetBytes(place.Log, bytes.Slice(2, MostNameBytes));
        bytes[0] = Format;
        bytes[1] = (byte)name;
        var length = 2 + name;
        length += WriteNumber(bytes[length..], place.Partition);
        length += WriteNumber(bytes[length..], place.NextOffset);
        Checksum(bytes[..length], bytes.Slice(length, ChecksumBytes));
        return Base64Url.EncodeToString(bytes[..(length + ChecksumBytes)]);
    }

    /// <summary>Reads what <see cref="Of"/> wrote.</summary>
    /// <param name="text">The token.</param>
    /// <param name="place">The place.</param>
    /// <returns>Whether it is a token.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out LogOffset place)
    {
        place = default;
        Span<byte> bytes = stackalloc byte[FixedBytes + MostNameBytes];
        if (!Base64Url.IsValid(text, out var length) || length > bytes.Length || length <= 2 + ChecksumBytes || !Base64Url.TryDecodeFromChars(text, bytes, out _))
            return false;

        Span<byte> checksum = stackalloc byte[ChecksumBytes];
        Checksum(bytes[..(length - ChecksumBytes)], checksum);
        if (!checksum.SequenceEqual(bytes.Slice(length - ChecksumBytes, ChecksumBytes)) || bytes[0] != Format)
            return false;

        var rest = bytes[2..(length - ChecksumBytes)];
        var name = bytes[1];
        if (name > rest.Length)
            return false;
        var log = Encoding.UTF8.GetString(rest[..name]);
        rest = rest[name..];
        if (!TryReadNumber(ref rest, out var partition) || !TryReadNumber(ref rest, out var offset) || !rest.IsEmpty || partition > int.MaxValue)
            return false;
        place = new LogOffset(log, (int)partition, offset);
        return true;
    }

    // Big-endian without leading zeroes, behind its length.
    private static int WriteNumber(Span<byte> into, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        var significant = bytes.TrimStart((byte)0);
        into[0] = (byte)significant.Length;
        significant.CopyTo(into[1..]);
        return 1 + significant.Length;
    }

    private static bool TryReadNumber(ref Span<byte> from, out long number)
    {
        number = 0;
        if (from.IsEmpty || from[0] > sizeof(long) || from.Length < 1 + from[0])
            return false;
        foreach (var part in from.Slice(1, from[0]))
            number = (number << 8) | part;
        from = from[(1 + from[0])..];
        return number >= 0;
    }

    private static void Checksum(ReadOnlySpan<byte> of, Span<byte> into)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(of, hash);
        hash[..ChecksumBytes].CopyTo(into);
    }
}
