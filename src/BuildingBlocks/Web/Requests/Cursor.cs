using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Monolith.BuildingBlocks.Application;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>Encodes the position after which a page starts, opaque to clients.</summary>
internal static class Cursor
{
    private const int IdBytes = 16;
    private const int PositionBytes = sizeof(long) + IdBytes;

    // The last microsecond of DateTimeOffset.
    private const long MaxMicroseconds = 315_537_897_599_999_999;

    public static string Of(ListCursor position)
    {
        Span<byte> bytes = stackalloc byte[PositionBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        position.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Of(bytes);
    }

    public static string Of(ReadOnlySpan<byte> position) => Base64Url.EncodeToString(position);

    /// <summary>Encodes a position of several parts; none of them contains a space.</summary>
    public static string Of(IEnumerable<string> parts) => Of(Encoding.UTF8.GetBytes(string.Join(' ', parts)));

    /// <summary>Reads the parts that <see cref="Of(IEnumerable{string})"/> encoded.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string[]? parts)
    {
        parts = Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ') : null;
        return parts is not null && Of(parts) == text;
    }

    /// <summary>Reads a position that <see cref="Of(ListCursor)"/> encoded.</summary>
    public static bool TryParse(string text, out ListCursor position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[PositionBytes];
        if (!TryParse(text, bytes)
            || BinaryPrimitives.ReadInt64BigEndian(bytes) is not (>= 0 and <= MaxMicroseconds and var microseconds))
            return false;
        var time = new DateTimeOffset(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        position = new ListCursor(time, new Guid(bytes[sizeof(long)..], bigEndian: true));
        return true;
    }

    /// <summary>Reads a position of exactly this many bytes.</summary>
    public static bool TryParse(string text, Span<byte> position) =>
        Base64Url.IsValid(text, out var length)
        && length == position.Length
        && Base64Url.TryDecodeFromChars(text, position, out _)
        && Of(position) == text;
}
