using System.Globalization;
using System.Text;

namespace Monolith.Modules.Search.Application.Text;

/// <summary>
/// Splits texts into folded words, for documents and queries alike. Words consist of letters, digits and their marks. Apostrophes and
/// format characters are dropped; all other characters separate words, including control characters and lone surrogates.
/// </summary>
internal ref struct Tokenizer
{
    /// <summary>The maximum length of a word in UTF-16 characters; longer ones are truncated, in documents and queries alike.</summary>
    public const int MaxTokenLength = 64;

    /// <summary>The maximum number of words of a text; later ones are ignored.</summary>
    public const int MaxTokens = 4096;

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
        while (position < text.Length && tokens.Count < MaxTokens)
        {
            var whole = Rune.DecodeFromUtf16(text[position..], out var character, out var consumed) == System.Buffers.OperationStatus.Done;
            if (whole)
                AddFolded(character, position, position + consumed);
            else
                Separate();
            position += consumed;
        }

        if (tokens.Count < MaxTokens)
            EndWord();
    }

    private void AddFolded(Rune character, int from, int to)
    {
        if (CharacterFolding.Of(character) is not { } folded)
        {
            Add(character, from, to);
            return;
        }

        // A mark extends the word that it follows; an apostrophe only if another letter follows.
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
            // A mark without a letter before it is dropped.
            if (word.Length > 0 && !Composition.IsVoicing(character))
                Append(character, to);
        }
        else if (!IsLetterOrNumber(character))
        {
            Separate();
        }
        else if (UnsegmentedScripts.Contains(character))
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
        if (word.Length + length <= MaxTokenLength)
            word.Append(characters[..length]);
        end = to;
    }

    private void Separate()
    {
        EndWord();
        follows = false;
    }

    private void EndWord()
    {
        if (word.Length == 0 || tokens.Count >= MaxTokens)
            return;
        tokens.Add(new Token(word.ToString(), start, end, isCharacter, follows));
        word.Clear();
        follows = true;
    }

    private static bool IsMark(Rune character) => Rune.GetUnicodeCategory(character)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsLetterOrNumber(Rune character) => Rune.IsLetterOrDigit(character)
        || Rune.GetUnicodeCategory(character) is UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}

/// <summary>A folded word and its position in the text.</summary>
/// <param name="Text">The folded word.</param>
/// <param name="Start">The index of its first character in the text.</param>
/// <param name="End">The index after its last character in the text.</param>
/// <param name="IsCharacter">Whether it is a single character of an unsegmented script.</param>
/// <param name="Follows">Whether it follows the previous token without a separator.</param>
internal readonly record struct Token(string Text, int Start, int End, bool IsCharacter, bool Follows);
