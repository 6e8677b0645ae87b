using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>Composes Hangul syllables from Jamo, and kana from a letter and a voicing mark.</summary>
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

    // Kana with a voiced form at the next code point; the semi-voiced form (of は to ほ) is at the one after.
    private const string Voiced = "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホゝヽ";
    private const string SemiVoiced = "はひふへほハヒフヘホ";

    /// <summary>The composed letter, or null if they do not compose.</summary>
    /// <param name="last">The last character of the word so far.</param>
    /// <param name="next">The next character.</param>
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

    /// <summary>Whether the character is a combining voicing mark.</summary>
    public static bool IsVoicing(Rune character) => character.Value is VoicedMark or SemiVoicedMark;

    // A syllable without a final consonant.
    private static bool IsOpenSyllable(char last) =>
        last is >= FirstSyllable and < (char)(FirstSyllable + (Leads * Vowels * Tails)) && (last - FirstSyllable) % Tails == 0;
}
