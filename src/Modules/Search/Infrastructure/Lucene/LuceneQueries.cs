using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util.Automaton;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A query's tree in the words of Lucene. Under <see cref="WorthOnly"/> its scores are the tree's, exactly.</summary>
internal static class LuceneQueries
{
    public static Query Of(SearchNode node) => node switch
    {
        SearchNode.Word n => Worth(new TermQuery(new Term(n.Field, n.Text)), n.Score),
        SearchNode.Prefix n => Worth(Matching(new PrefixQuery(new Term(n.Field, n.Text))), n.Score),
        SearchNode.Typo n => Worth(Matching(new AutomatonQuery(new Term(n.Field, n.Text), new LevenshteinAutomata(n.Text, withTranspositions: true).ToAutomaton(n.Most))), n.Score),
        SearchNode.Phrase { Words: [var only] } n => Worth(new TermQuery(new Term(n.Field, only)), n.Score),
        SearchNode.Phrase n => Worth(PhraseOf(n), n.Score),
        SearchNode.OneOf n => new ConstantScoreQuery(new TermsFilter(n.Field, n.Values)) { Boost = n.Score },
        SearchNode.Best n => new DisjunctionMaxQuery([.. n.Nodes.Select(Of)], tieBreakerMultiplier: 0),
        SearchNode.All n => Joined(n.Nodes, Occur.MUST),
        SearchNode.Some n => Joined(n.Nodes, Occur.SHOULD),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node, null),
    };

    private static ConstantScoreQuery Worth(Query query, int score) => new(query) { Boost = score };

    // All words that match, however many: the other ways to rewrite keep the best ones or count clauses.
    private static MultiTermQuery Matching(MultiTermQuery query)
    {
        query.MultiTermRewriteMethod = MultiTermQuery.CONSTANT_SCORE_FILTER_REWRITE;
        return query;
    }

    private static PhraseQuery PhraseOf(SearchNode.Phrase phrase)
    {
        var query = new PhraseQuery();
        foreach (var word in phrase.Words)
            query.Add(new Term(phrase.Field, word));
        return query;
    }

    private static BooleanQuery Joined(IReadOnlyList<SearchNode> nodes, Occur occur)
    {
        var query = new BooleanQuery(disableCoord: true);
        foreach (var node in nodes)
            query.Add(Of(node), occur);
        return query;
    }
}
