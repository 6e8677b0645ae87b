using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>
/// The scripts that do not part words by spaces, or (Hangul) not where words are looked for: each of their characters is a token of its own, and a run of them is searched as a phrase.
/// </summary>
internal static class CharacterScripts
{
    private const int FirstOfAny = 0x0E00;

    private static readonly (int First, int Last)[] Ranges =
    [
        (FirstOfAny, 0x0E7F), // Thai
        (0x0E80, 0x0EFF), // Lao
        (0x1000, 0x109F), // Myanmar
        (0x1100, 0x11FF), // letters of Hangul
        (0x1780, 0x17FF), // Khmer
        (0x3005, 0x3007), // iteration mark and zero of Han
        (0x3040, 0x30FF), // Hiragana, Katakana
        (0x31F0, 0x31FF), // more Katakana
        (0x3400, 0x4DBF), // Han
        (0x4E00, 0x9FFF), // Han
        (0xA9E0, 0xA9FF), // more Myanmar
        (0xAA60, 0xAA7F), // more Myanmar
        (0xAC00, 0xD7A3), // syllables of Hangul
        (0x1B000, 0x1B16F), // more kana
        (0x20000, 0x3FFFF), // more Han
    ];

    public static bool Have(Rune character)
    {
        if (character.Value < FirstOfAny)
            return false;
        foreach (var (first, last) in Ranges)
        {
            if (character.Value >= first && character.Value <= last)
                return true;
        }

        return false;
    }
}
