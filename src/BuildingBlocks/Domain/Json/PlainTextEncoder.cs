using System.Text.Encodings.Web;

namespace Monolith.BuildingBlocks.Domain.Json;

/// <summary>
/// Leaves text as it is, save for what JSON itself must have escaped. The framework's relaxed encoder still turns every character beyond the basic plane (an emoji, a rare
/// ideograph) from 4 bytes into 12, and the size of an event is limited.
/// </summary>
public sealed class PlainTextEncoder : JavaScriptEncoder
{
    private const int LastOfBasicPlane = 0xFFFF;

    private PlainTextEncoder()
    {
    }

    /// <summary>The encoder. Its output is no HTML: it belongs into JSON documents only.</summary>
    public static PlainTextEncoder Instance { get; } = new();

    /// <inheritdoc />
    public override int MaxOutputCharactersPerInputCharacter => UnsafeRelaxedJsonEscaping.MaxOutputCharactersPerInputCharacter;

    /// <inheritdoc />
    public override bool WillEncode(int unicodeScalar) => unicodeScalar <= LastOfBasicPlane && UnsafeRelaxedJsonEscaping.WillEncode(unicodeScalar);

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
    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        UnsafeRelaxedJsonEscaping.TryEncodeUnicodeScalar(unicodeScalar, buffer, bufferLength, out numberOfCharactersWritten);
}
