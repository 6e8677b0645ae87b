using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application.Queries;

/// <summary>A parsed query. Its only syntax is quotes; wildcards and regular expressions are plain text.</summary>
/// <param name="Parts">The parts, in the order of the text.</param>
internal sealed record QueryText(IReadOnlyList<QueryPart> Parts)
{
    /// <summary>The maximum length in Unicode scalar values.</summary>
    public const int MaxLength = 256;

    /// <summary>The maximum number of words; a run of characters of an unsegmented script counts as one.</summary>
    public const int MaxWords = 16;

    private const string NoWord = "Must have a letter or a digit.";

    private static readonly char[] Quotes = ['"', '“', '”', '„', '«', '»'];

    /// <summary>The validation error of a query, or null if it is valid.</summary>
    public static string? ErrorOf(string? text) =>
        text is null ? "Is required."
        : PlainText.LengthOf(text) > MaxLength ? $"Must have at most {MaxLength} characters."
        : PlainText.IsBlank(text) ? NoWord
        : WordsOf(text) switch
        {
            0 => NoWord,
            > MaxWords => $"Must have at most {MaxWords} words.",
            _ => null,
        };

    /// <summary>Parses a valid query (see <see cref="ErrorOf"/>).</summary>
    public static QueryText Parse(string text)
    {
        var parts = new List<QueryPart>();
        var position = 0;
        while (position < text.Length)
        {
            var open = text.IndexOfAny(Quotes, position);
            var close = open < 0 ? -1 : text.IndexOfAny(Quotes, open + 1);
            // An unclosed quote is ignored: search-as-you-type has to show hits before the quote is closed.
            var plainEnd = close < 0 ? text.Length : open;
            parts.AddRange(PlainParts(text[position..plainEnd], isEnd: close < 0));
            if (close >= 0 && Tokenizer.Tokens(text.AsSpan(open + 1, close - open - 1)) is { Count: > 0 } quoted)
                parts.Add(new QueryPart.Phrase([.. quoted.Select(token => token.Text)], IsQuoted: true));
            position = close < 0 ? text.Length : close + 1;
        }

        return new QueryText(parts);
    }

    /// <summary>The query over the fields of an index.</summary>
    public SearchNode In(SearchFields fields) =>
        Parts.Count == 1 ? Parts[0].In(fields) : new SearchNode.Must([.. Parts.Select(part => part.In(fields))]);

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
