using Lucene.Net.Index;
using Lucene.Net.Queries;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Translates queries to Lucene. With <see cref="ConstantScoreSimilarity"/>, the scores equal those of the tree.</summary>
/// <param name="sets">Memory for document sets; must live until the search has ended.</param>
internal sealed class LuceneQueries(DocumentSetPool sets)
{
    public Query Of(SearchNode node) => node switch
    {
        SearchNode.TermMatch n => new TermMatchQuery([n], sets),
        SearchNode.Phrase { Words: [var only] } n => ConstantScore(new TermQuery(new Term(n.Field, only)), n.Score),
        SearchNode.Phrase n => ConstantScore(PhraseOf(n), n.Score),
        SearchNode.Terms n => new ConstantScoreQuery(TermsFilterOf(n.Field, n.Values)) { Boost = n.Score },
        SearchNode.DisMax n => DisMaxOf(n),
        SearchNode.Must n => BooleanOf(n.Nodes, Occur.MUST),
        SearchNode.Should n => BooleanOf(n.Nodes, Occur.SHOULD),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    public static Filter TermsFilterOf(string field, IEnumerable<string> values) =>
        new TermsFilter(field, [.. values.Select(value => new BytesRef(value))]);

    private static ConstantScoreQuery ConstantScore(Query query, int score) => new(query) { Boost = score };

    private static PhraseQuery PhraseOf(SearchNode.Phrase phrase)
    {
        var query = new PhraseQuery();
        foreach (var word in phrase.Words)
            query.Add(new Term(phrase.Field, word));
        return query;
    }

    private Query DisMaxOf(SearchNode.DisMax node)
    {
        SearchNode.TermMatch[] matches = [.. node.Nodes.OfType<SearchNode.TermMatch>()];
        var others = node.Nodes.Where(child => child is not SearchNode.TermMatch).Select(Of);
        Query[] queries = [.. matches.Length > 0 ? others.Prepend(new TermMatchQuery(matches, sets)) : others];
        return queries is [var only] ? only : new DisjunctionMaxQuery(queries, tieBreakerMultiplier: 0);
    }

    private BooleanQuery BooleanOf(IReadOnlyList<SearchNode> nodes, Occur occur)
    {
        var query = new BooleanQuery(disableCoord: true);
        foreach (var node in nodes)
            query.Add(Of(node), occur);
        return query;
    }
}
