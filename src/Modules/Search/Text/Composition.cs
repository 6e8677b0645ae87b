using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>Puts together what belongs in one letter and may come in parts: syllables of Hangul, and kana with the mark of their voicing.</summary>
internal static class Composition
{
    private const char FirstSyllable = '\uAC00';
    private const char FirstLead = '\u1100';
    private const char FirstVowel = '\u1161';
    private const char BeforeFirstTail = '\u11A7';
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;
    private const char VoicedMark = '\u3099';
    private const char SemiVoicedMark = '\u309A';

    // Kana that take the mark of voicing; the voiced letter is the next code point, the semi-voiced one (は to ほ) the one after.
    private const string Voiced = "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホゝヽ";
    private const string SemiVoiced = "はひふへほハヒフヘホ";

    /// <summary>The letter that two parts make, or null where they make none.</summary>
    /// <param name="last">The last character of the word so far.</param>
    /// <param name="next">The character that comes.</param>
    public static char? Of(char last, Rune next) => next.Value switch
    {
        VoicedMark when Voiced.Contains(last, StringComparison.Ordinal) => (char)(last + 1),
        VoicedMark when last is 'う' or 'ウ' => last == 'う' ? 'ゔ' : 'ヴ',
        SemiVoicedMark when SemiVoiced.Contains(last, StringComparison.Ordinal) => (char)(last + 2),
        >= FirstVowel and < FirstVowel + Vowels when last is >= FirstLead and < (char)(FirstLead + Leads) =>
            (char)(FirstSyllable + ((((last - FirstLead) * Vowels) + (next.Value - FirstVowel)) * Tails)),
        > BeforeFirstTail and < BeforeFirstTail + Tails when IsOpenSyllable(last) => (char)(last + (next.Value - BeforeFirstTail)),
        _ => null,
    };

    /// <summary>Whether a character is only the mark of a kana's voicing.</summary>
    public static bool IsVoicing(Rune character) => character.Value is VoicedMark or SemiVoicedMark;

    private static bool IsOpenSyllable(char last) => last is >= FirstSyllable and < (char)(FirstSyllable + (Leads * Vowels * Tails)) && (last - FirstSyllable) % Tails == 0;
}
