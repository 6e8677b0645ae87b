using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// Documents that are found by one of some ways (a word, its beginning, slips of the hand), each worth the best of them. One look through a field's terms serves all ways, and the word as it is, which often
/// has more documents than all others together, is walked through once and not once a way: Lucene's own queries know nothing of each other.
/// </summary>
internal sealed class WordQuery(IReadOnlyList<SearchNode.Way> ways, DocumentSets sets) : Query
{
    private readonly FieldWays[] fields = [.. FieldWays.Of(ways)];

    public override Weight CreateWeight(IndexSearcher searcher) => new WordWeight(this);

    public override void ExtractTerms(ISet<Term> terms)
    {
        // Nothing here is scored by how rare a term is.
    }

    public override string ToString(string field) => string.Join(" | ", ways);

    private WordScorer? ScorerOf(Weight weight, AtomicReader segment, IBits? accepted)
    {
        var found = new WordDocuments(sets, segment, accepted);
        foreach (var field in fields)
            field.Find(found);
        return found.Any ? new WordScorer(weight, found) : null;
    }

    private sealed class WordWeight(WordQuery query) : Weight
    {
        public override Query Query => query;

        public override float GetValueForNormalization() => 1;

        public override void Normalize(float norm, float topLevelBoost)
        {
            // A document is worth what the query says.
        }

        public override Scorer? GetScorer(AtomicReaderContext context, IBits? acceptDocs) => query.ScorerOf(this, context.AtomicReader, acceptDocs);

        public override Explanation Explain(AtomicReaderContext context, int doc)
        {
            var scorer = query.ScorerOf(this, context.AtomicReader, accepted: null);
            return scorer?.Advance(doc) == doc ? new ComplexExplanation(match: true, scorer.GetScore(), query.ToString()) : new ComplexExplanation(match: false, 0, query.ToString());
        }
    }
}
