using Monolith.Modules.Search.Application.Text;

namespace Monolith.Modules.Search.Application.Queries;

/// <summary>The reference implementation of a query, for one document and without a store. Every store returns the same scores.</summary>
internal static class NodeScore
{
    /// <summary>The score, or null if the document does not match.</summary>
    /// <param name="node">The query.</param>
    /// <param name="fields">The stored fields of the document: folded words, separated by spaces.</param>
    public static int? Of(SearchNode node, IReadOnlyDictionary<string, string> fields) => node switch
    {
        SearchNode.Term n => HasTerm(fields, n.Field, term => term == n.Text) ? n.Score : null,
        SearchNode.Prefix n => HasTerm(fields, n.Field, term => term.StartsWith(n.Text, StringComparison.Ordinal)) ? n.Score : null,
        SearchNode.Fuzzy n => HasTerm(fields, n.Field, term => EditDistance.IsWithin(n.Text, term, n.MaxEdits)) ? n.Score : null,
        SearchNode.Phrase n =>
            $" {fields[n.Field]} ".Contains($" {string.Join(' ', n.Words)} ", StringComparison.Ordinal) ? n.Score : null,
        SearchNode.Terms n => n.Values.Contains(fields[n.Field]) ? n.Score : null,
        SearchNode.DisMax n => n.Nodes.Max(part => Of(part, fields)),
        SearchNode.Must n => n.Nodes.Aggregate((int?)0, (sum, part) => sum is null ? null : sum + Of(part, fields)),
        SearchNode.Should n => n.Nodes.Select(part => Of(part, fields)).Where(score => score is not null)
            .Aggregate((int?)null, (sum, score) => (sum ?? 0) + score),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private static bool HasTerm(IReadOnlyDictionary<string, string> fields, string field, Func<string, bool> matches) =>
        fields[field].Split(' ').Any(matches);
}
