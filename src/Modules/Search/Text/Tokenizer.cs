using System.Globalization;
using System.Text;

namespace Monolith.Modules.Search.Text;

/// <summary>
/// Parts a text into folded words, the same for what is stored and for what is asked. Letters, digits and the marks that belong to them make words; apostrophes and what joins are dropped;
/// everything else parts, control characters and halves of surrogate pairs included.
/// </summary>
internal ref struct Tokenizer
{
    /// <summary>How many characters of a word count; what is longer is cut, in the store and in the query alike.</summary>
    public const int LongestToken = 64;

    /// <summary>How many words of a text count.</summary>
    public const int MostTokens = 4096;

    private readonly ReadOnlySpan<char> text;
    private readonly List<Token> tokens = [];
    private readonly StringBuilder word = new();
    private int start;
    private int end;
    private bool isCharacter;
    private bool follows;

    private Tokenizer(ReadOnlySpan<char> text) => this.text = text;

    /// <summary>The words of a text, in order.</summary>
    public static List<Token> Tokens(ReadOnlySpan<char> text)
    {
        var tokenizer = new Tokenizer(text);
        tokenizer.Run();
        return tokenizer.tokens;
    }

    private void Run()
    {
        var position = 0;
        while (position < text.Length && tokens.Count < MostTokens)
        {
            var whole = Rune.DecodeFromUtf16(text[position..], out var character, out var consumed) == System.Buffers.OperationStatus.Done;
            if (whole)
                Take(character, position, position + consumed);
            else
                Part();
            position += consumed;
        }

        if (tokens.Count < MostTokens)
            EndWord();
    }

    private void Take(Rune character, int from, int to)
    {
        if (CharacterFolding.Of(character) is not { } folded)
        {
            Add(character, from, to);
            return;
        }

        // An accent is part of the letter before it; an apostrophe is only part of the word where a letter comes after it.
        if (folded.Length == 0 && word.Length > 0 && IsMark(character))
            end = to;
        foreach (var part in folded.EnumerateRunes())
            Add(part, from, to);
    }

    private void Add(Rune character, int from, int to)
    {
        if (word.Length > 0 && Composition.Of(word[^1], character) is { } composed)
        {
            word[^1] = composed;
            end = to;
        }
        else if (IsMark(character))
        {
            // A mark without a letter before it is not a word.
            if (word.Length > 0 && !Composition.IsVoicing(character))
                Append(character, to);
        }
        else if (!IsLetterOrNumber(character))
        {
            Part();
        }
        else if (CharacterScripts.Have(character))
        {
            Begin(character, from, to, alone: true);
        }
        else if (word.Length == 0 || isCharacter)
        {
            Begin(character, from, to, alone: false);
        }
        else
        {
            Append(character, to);
        }
    }

    private void Begin(Rune character, int from, int to, bool alone)
    {
        EndWord();
        start = from;
        isCharacter = alone;
        Append(character, to);
    }

    private void Append(Rune character, int to)
    {
        Span<char> characters = stackalloc char[2];
        var length = character.EncodeToUtf16(characters);
        if (word.Length + length <= LongestToken)
            word.Append(characters[..length]);
        end = to;
    }

    // Between this and the next word there is something.
    private void Part()
    {
        EndWord();
        follows = false;
    }

    private void EndWord()
    {
        if (word.Length == 0 || tokens.Count >= MostTokens)
            return;
        tokens.Add(new Token(word.ToString(), start, end, isCharacter, follows));
        word.Clear();
        follows = true;
    }

    private static bool IsMark(Rune character) =>
        Rune.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsLetterOrNumber(Rune character) => Rune.IsLetterOrDigit(character) || Rune.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
