using System.Text;
using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application.Queries;

/// <summary>Marks the words of a query in a text: HTML whose only markup is <c>em</c> around hits. Markup in the text is escaped.</summary>
internal static class Highlighter
{
    private const string Open = "<em>";
    private const string Close = "</em>";

    /// <summary>The text with marked hits, or null if it has none.</summary>
    public static string? Of(string text, QueryText query)
    {
        var words = Tokenizer.Tokens(text);
        var hits = query.Parts.SelectMany(part => part.HitsIn(words)).Distinct().Order().Select(hit => words[hit]).ToArray();
        if (hits.Length == 0)
            return null;

        var html = new StringBuilder();
        var position = 0;
        for (var i = 0; i < hits.Length; i++)
        {
            // Adjacent characters of one run are one hit, and so are several words that one character expands to.
            var (start, end) = (hits[i].Start, hits[i].End);
            while (i + 1 < hits.Length && hits[i + 1].Start <= end)
                end = Math.Max(end, hits[++i].End);
            html.Append(Escape(text[position..start])).Append(Open).Append(Escape(text[start..end])).Append(Close);
            position = end;
        }

        return html.Append(Escape(text[position..])).ToString();
    }

    // HtmlEncoder would also escape letters outside of ASCII.
    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal);
}
