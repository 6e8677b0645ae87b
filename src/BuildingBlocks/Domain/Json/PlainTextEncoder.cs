using System.Text.Encodings.Web;

namespace Monolith.BuildingBlocks.Domain.Json;

/// <summary>
/// Escapes only what JSON requires. The relaxed encoder of .NET still escapes every character above U+FFFF (an emoji, a rare ideograph),
/// which needs 12 bytes instead of 4, and the size of an event is limited.
/// </summary>
public sealed class PlainTextEncoder : JavaScriptEncoder
{
    private const int LastOfBasicPlane = 0xFFFF;

    private PlainTextEncoder()
    {
    }

    /// <summary>The encoder. Its output is only safe in JSON documents, not in HTML.</summary>
    public static PlainTextEncoder Instance { get; } = new();

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar <= LastOfBasicPlane && UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar);

    /// <inheritdoc />
    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var position = 0;
        while (true)
        {
            var found = UnsafeRelaxedJsonEscaping.FindFirstCharacterToEncode(text + position, textLength - position);
            if (found < 0)
                return found;

            position += found;
            if (position + 1 >= textLength || !char.IsSurrogatePair(text[position], text[position + 1]))
                return position;
            position += 2;
        }
    }

    /// <inheritdoc />
    public override unsafe bool TryEncodeUnicodeScalar(
        int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
