using System.Buffers.Text;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The place after which a page starts, opaque to callers.</summary>
internal static class Cursor
{
    private const int IdBytes = 16;

    public static string Of(Guid id) => Of(id.ToByteArray(bigEndian: true));

    public static string Of(ReadOnlySpan<byte> place) => Base64Url.EncodeToString(place);

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
