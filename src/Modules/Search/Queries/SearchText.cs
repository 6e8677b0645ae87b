using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.Queries;

/// <summary>What somebody typed, understood: parts that a document must have all of. There are no other signs than quotes: wildcards and regular expressions are only text.</summary>
/// <param name="Parts">The parts, in the order in which they were typed.</param>
internal sealed record SearchText(IReadOnlyList<QueryPart> Parts)
{
    /// <summary>How long a query may be, in Unicode scalar values.</summary>
    public const int Longest = 256;

    /// <summary>How many words it may have; a run of a script that is searched by characters is one.</summary>
    public const int MostWords = 16;

    private const string NoWord = "Must have a letter or a digit.";

    private static readonly char[] Quotes = ['"', '“', '”', '„', '«', '»'];

    /// <summary>What is wrong with a query, or null where nothing is.</summary>
    public static string? Fault(string? text) =>
        text is null ? "Is required."
        : PlainText.LengthOf(text) > Longest ? $"Must have at most {Longest} characters."
        : PlainText.IsBlank(text) ? NoWord
        : WordsOf(text) switch
        {
            0 => NoWord,
            > MostWords => $"Must have at most {MostWords} words.",
            _ => null,
        };

    /// <summary>Understands a query that has no <see cref="Fault"/>.</summary>
    public static SearchText Parse(string text)
    {
        var parts = new List<QueryPart>();
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOfAny(Quotes, position);
            var close = open < 0 ? -1 : text.IndexOfAny(Quotes, open + 1);
            // A quote that nobody closed yet is none: whoever types wants to see hits.
            var plainEnd = close < 0 ? text.Length : open;
            parts.AddRange(PlainParts(text[position..plainEnd], isEnd: close < 0));
            if (close >= 0 && Tokenizer.Tokens(text.AsSpan(open + 1, close - open - 1)) is { Count: > 0 } quoted)
                parts.Add(new QueryPart.Phrase([.. quoted.Select(token => token.Text)], IsQuoted: true));
            position = close < 0 ? text.Length : close + 1;
        }

        return new SearchText(parts);
    }

    /// <summary>How documents of an index are found.</summary>
    public SearchNode In(SearchFields fields) => Parts.Count == 1 ? Parts[0].In(fields) : new SearchNode.All([.. Parts.Select(part => part.In(fields))]);

    private static int WordsOf(string text) => Tokenizer.Tokens(text).Count(token => !(token.IsCharacter && token.Follows));

    private static IEnumerable<QueryPart> PlainParts(string text, bool isEnd)
    {
        var chunks = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(chunk => Tokenizer.Tokens(chunk)).Where(tokens => tokens.Count > 0).ToArray();
        for (var i = 0; i < chunks.Length; i++)
        {
            var words = Words(chunks[i], isLast: isEnd && i == chunks.Length - 1);
            yield return words.Count == 1 ? words[0] : new QueryPart.Compound(words, string.Concat(chunks[i].Select(token => token.Text)));
        }
    }

    private static List<QueryPart> Words(List<Token> tokens, bool isLast)
    {
        var words = new List<QueryPart>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var end = i + 1;
            while (end < tokens.Count && tokens[i].IsCharacter && tokens[end].IsCharacter && tokens[end].Follows)
                end++;
            words.Add(end - i > 1
                ? new QueryPart.Phrase([.. tokens[i..end].Select(token => token.Text)], IsQuoted: false)
                : new QueryPart.Word(tokens[i].Text, isLast && end == tokens.Count));
            i = end - 1;
        }

        return words;
    }
}
