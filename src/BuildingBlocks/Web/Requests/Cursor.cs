using System.Buffers.Text;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>The place after which a page starts, opaque to callers.</summary>
internal static class Cursor
{
    private const int IdBytes = 16;

    public static string Of(Guid id) => Base64Url.EncodeToString(id.ToByteArray(bigEndian: true));

    public static bool TryParse(string text, out Guid id)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        var valid = Base64Url.IsValid(text, out var length) && length == IdBytes && Base64Url.TryDecodeFromChars(text, bytes, out _);
        id = valid ? new Guid(bytes, bigEndian: true) : default;
        return valid && Of(id) == text;
    }
}
