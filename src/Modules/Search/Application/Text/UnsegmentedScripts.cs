using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>
/// Scripts that do not separate words by spaces, and Hangul, where particles are attached to words. Each character is a token; a run of
/// them is searched as a phrase.
/// </summary>
internal static class UnsegmentedScripts
{
    private const int First = 0x0E00;

    private static readonly (int First, int Last)[] Ranges =
    [
        (First, 0x0E7F), // Thai
        (0x0E80, 0x0EFF), // Lao
        (0x1000, 0x109F), // Myanmar
        (0x1100, 0x11FF), // Hangul Jamo
        (0x1780, 0x17FF), // Khmer
        (0x3005, 0x3007), // Han iteration mark and zero
        (0x3040, 0x30FF), // Hiragana, Katakana
        (0x31F0, 0x31FF), // Katakana extensions
        (0x3400, 0x4DBF), // Han extension A
        (0x4E00, 0x9FFF), // Han
        (0xA9E0, 0xA9FF), // Myanmar extended B
        (0xAA60, 0xAA7F), // Myanmar extended A
        (0xAC00, 0xD7A3), // Hangul syllables
        (0x1B000, 0x1B16F), // Kana supplement and extensions
        (0x20000, 0x3FFFF), // Han extensions B and later
    ];

    public static bool Contains(Rune character)
    {
        if (character.Value < First)
            return false;
        foreach (var (first, last) in Ranges)
        {
            if (character.Value >= first && character.Value <= last)
                return true;
        }

        return false;
    }
}
