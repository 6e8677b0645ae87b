using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Monolith.BuildingBlocks.Events.Consistency;

/// <summary>
/// The text form of an offset in a log, which clients send back with a later request. It is opaque to them and safe in a URL. A checksum
/// detects a token that was truncated or mistyped. The token is not signed: a made-up one only delays its own request.
/// </summary>
public static class ConsistencyToken
{
    private const byte Format = 1;
    private const int ChecksumBytes = 4;
    private const int MaxNameBytes = 128;

    // Format, length of the name, (name,) partition, offset, checksum.
    private const int FixedBytes = 1 + 1 + 2 * (1 + sizeof(long)) + ChecksumBytes;

    /// <summary>Formats an offset as a token.</summary>
    /// <param name="offset">The offset.</param>
    public static string Of(LogOffset offset)
    {
        Span<byte> bytes = stackalloc byte[FixedBytes + MaxNameBytes];
        var name = Encoding.UTF8.GetBytes(offset.Log, bytes.Slice(2, MaxNameBytes));
        bytes[0] = Format;
        bytes[1] = (byte)name;
        var length = 2 + name;
        length += WriteNumber(bytes[length..], offset.Partition);
        length += WriteNumber(bytes[length..], offset.NextOffset);
        Checksum(bytes[..length], bytes.Slice(length, ChecksumBytes));
        return Base64Url.EncodeToString(bytes[..(length + ChecksumBytes)]);
    }

    /// <summary>Parses a token.</summary>
    /// <param name="text">The token.</param>
    /// <param name="offset">The offset.</param>
    /// <returns>Whether the text is a valid token.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out LogOffset offset)
    {
        offset = default;
        Span<byte> bytes = stackalloc byte[FixedBytes + MaxNameBytes];
        if (!Base64Url.IsValid(text, out var length) || length > bytes.Length || length <= 2 + ChecksumBytes
            || !Base64Url.TryDecodeFromChars(text, bytes, out _))
        {
            return false;
        }

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
        if (!TryReadNumber(ref rest, out var partition) || partition > int.MaxValue)
            return false;
        if (!TryReadNumber(ref rest, out var next) || !rest.IsEmpty)
            return false;
        offset = new LogOffset(log, (int)partition, next);
        return true;
    }

    // One byte for the length, then big-endian without leading zeroes.
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
