using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The place after which a page starts, opaque to callers.</summary>
internal static class Cursor
{
    private const int IdBytes = 16;

    public static string Of(Guid id) => Of(id.ToByteArray(bigEndian: true));

    public static string Of(ReadOnlySpan<byte> place) => Base64Url.EncodeToString(place);

    /// <summary>A place of several parts; a space is in none of them.</summary>
    public static string Of(IEnumerable<string> parts) => Of(Encoding.UTF8.GetBytes(string.Join(' ', parts)));

    /// <summary>Reads the parts that <see cref="Of(IEnumerable{string})"/> wrote.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out string[]? parts)
    {
        parts = Base64Url.IsValid(text) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text)).Split(' ') : null;
        return parts is not null && Of(parts) == text;
    }

    public static bool TryParse(string text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        var valid = TryParse(text, bytes);
        id = valid ? new Guid(bytes, bigEndian: true) : default;
        return valid;
    }

    /// <summary>Reads a place of exactly this many bytes, as <see cref="Of(ReadOnlySpan{byte})"/> writes it.</summary>
    public static bool TryParse(string text, Span<byte> place) =>
        Base64Url.IsValid(text, out var length) && length == place.Length && Base64Url.TryDecodeFromChars(text, place, out _) && Of(place) == text;
}
