using Lucene.Net.Index;
using Lucene.Net.Search;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A query's tree in the words of Lucene. Under <see cref="WorthOnly"/> its scores are the tree's, exactly.</summary>
/// <param name="sets">Where sets of documents come from; they have to live until the search has ended.</param>
internal sealed class LuceneQueries(DocumentSets sets)
{
    public Query Of(SearchNode node) => node switch
    {
        SearchNode.Way n => new WordQuery([n], sets),
        SearchNode.Phrase { Words: [var only] } n => Worth(new TermQuery(new Term(n.Field, only)), n.Score),
        SearchNode.Phrase n => Worth(PhraseOf(n), n.Score),
        SearchNode.OneOf n => new ConstantScoreQuery(new TermsFilter(n.Field, n.Values)) { Boost = n.Score },
        SearchNode.Best n => BestOf(n),
        SearchNode.All n => Joined(n.Nodes, Occur.MUST),
        SearchNode.Some n => Joined(n.Nodes, Occur.SHOULD),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private static ConstantScoreQuery Worth(Query query, int score) => new(query) { Boost = score };

    private static PhraseQuery PhraseOf(SearchNode.Phrase phrase)
    {
        var query = new PhraseQuery();
        foreach (var word in phrase.Words)
            query.Add(new Term(phrase.Field, word));
        return query;
    }

    private Query BestOf(SearchNode.Best best)
    {
        SearchNode.Way[] ways = [.. best.Nodes.OfType<SearchNode.Way>()];
        var others = best.Nodes.Where(node => node is not SearchNode.Way).Select(Of);
        Query[] queries = [.. ways.Length > 0 ? others.Prepend(new WordQuery(ways, sets)) : others];
        return queries is [var only] ? only : new DisjunctionMaxQuery(queries, tieBreakerMultiplier: 0);
    }

    private BooleanQuery Joined(IReadOnlyList<SearchNode> nodes, Occur occur)
    {
        var query = new BooleanQuery(disableCoord: true);
        foreach (var node in nodes)
            query.Add(Of(node), occur);
        return query;
    }
}
