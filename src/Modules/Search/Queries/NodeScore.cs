using Monolith.Modules.Search.Text;

namespace Monolith.Modules.Search.Queries;

/// <summary>What a node is worth in one document, without any store: the meaning of a query, which every store has to give.</summary>
internal static class NodeScore
{
    /// <summary>The score, or null where the document does not match.</summary>
    /// <param name="node">The node.</param>
    /// <param name="fields">The document's fields as they are stored: folded words with spaces between them.</param>
    public static int? Of(SearchNode node, IReadOnlyDictionary<string, string> fields) => node switch
    {
        SearchNode.Word n => HasWord(fields, n.Field, word => word == n.Text) ? n.Score : null,
        SearchNode.Prefix n => HasWord(fields, n.Field, word => word.StartsWith(n.Text, StringComparison.Ordinal)) ? n.Score : null,
        SearchNode.Typo n => HasWord(fields, n.Field, word => Typos.AreWithin(n.Text, word, n.Most)) ? n.Score : null,
        SearchNode.Phrase n => $" {fields[n.Field]} ".Contains($" {string.Join(' ', n.Words)} ", StringComparison.Ordinal) ? n.Score : null,
        SearchNode.OneOf n => n.Values.Contains(fields[n.Field]) ? n.Score : null,
        SearchNode.Best n => n.Nodes.Max(part => Of(part, fields)),
        SearchNode.All n => n.Nodes.Aggregate((int?)0, (sum, part) => sum is null ? null : sum + Of(part, fields)),
        SearchNode.Some n => n.Nodes.Select(part => Of(part, fields)).Where(score => score is not null).Aggregate((int?)null, (sum, score) => (sum ?? 0) + score),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private static bool HasWord(IReadOnlyDictionary<string, string> fields, string field, Func<string, bool> matches) => fields[field].Split(' ').Any(matches);
}
