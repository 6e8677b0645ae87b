using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Monolith.BuildingBlocks.Application;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The place after which a page starts, opaque to callers.</summary>
internal static class Cursor
{
    private const int IdBytes = 16;
    private const int PositionBytes = sizeof(long) + IdBytes;

    // The last microsecond that a DateTimeOffset can hold.
    private const long MostMicroseconds = 315_537_897_599_999_999;

    public static string Of(ListCursor position)
    {
        Span<byte> bytes = stackalloc byte[PositionBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, position.At.UtcTicks / TimeSpan.TicksPerMicrosecond);
        position.Id.TryWriteBytes(bytes[sizeof(long)..], bigEndian: true, out _);
        return Of(bytes);
    }

    public static string Of(ReadOnlySpan<byte> place) => Base64Url.EncodeToString(place);

    /// <summary>A place of several parts; a space is in none of them.</summary>
    public static string Of(IEnumerable<string> parts) => Of(Encoding.UTF8.GetBytes(string.Join(' ', parts)));

    /// <summary>Reads the parts that <see cref="Of(IEnumerable{string})"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string[]? parts)
    {
        parts = Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ') : null;
        return parts is not null && Of(parts) == text;
    }

    /// <summary>Reads a position of exactly the precision that <see cref="Of(ListCursor)"/> writes.</summary>
    public static bool TryParse(string text, out ListCursor position)
    {
        position = default;
        Span<byte> bytes = stackalloc byte[PositionBytes];
        if (!TryParse(text, bytes) || BinaryPrimitives.ReadInt64BigEndian(bytes) is not (>= 0 and <= MostMicroseconds and var microseconds))
            return false;
        var time = new DateTimeOffset(microseconds * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        position = new ListCursor(time, new Guid(bytes[sizeof(long)..], bigEndian: true));
        return true;
    }

    /// <summary>Reads a place of exactly this many bytes, as <see cref="Of(ReadOnlySpan{byte})"/> writes it.</summary>
    public static bool TryParse(string text, Span<byte> place) =>
        Base64Url.IsValid(text, out var length) && length == place.Length && Base64Url.TryDecodeFromChars(text, place, out _) && Of(place) == text;
}
