using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// A disjunction of exact, prefix and fuzzy matches that scores each document by its best match. One pass over the terms of a field serves
/// all matches, and the postings of the exact term, often the longest, are read once. With separate Lucene queries each would read them.
/// </summary>
internal sealed class TermMatchQuery(IReadOnlyList<SearchNode.TermMatch> matches, DocumentSetPool sets) : Query
{
    private readonly FieldTermMatcher[] matchers = [.. FieldTermMatcher.Of(matches)];

    public override Weight CreateWeight(IndexSearcher searcher) => new TermMatchWeight(this);

    public override void ExtractTerms(ISet<Term> terms)
    {
        // Term statistics are not used.
    }

    public override string ToString(string field) => string.Join(" | ", matches);

    private TermMatchScorer? ScorerOf(Weight weight, AtomicReader segment, IBits? acceptDocs)
    {
        var found = new SegmentMatches(sets, segment, acceptDocs);
        foreach (var matcher in matchers)
            matcher.Collect(found);
        return found.Any ? new TermMatchScorer(weight, found) : null;
    }

    private sealed class TermMatchWeight(TermMatchQuery query) : Weight
    {
        public override Query Query => query;

        public override float GetValueForNormalization() => 1;

        public override void Normalize(float norm, float topLevelBoost)
        {
            // Scores are constant.
        }

        public override Scorer? GetScorer(AtomicReaderContext context, IBits? acceptDocs) =>
            query.ScorerOf(this, context.AtomicReader, acceptDocs);

        public override Explanation Explain(AtomicReaderContext context, int doc)
        {
            var scorer = query.ScorerOf(this, context.AtomicReader, acceptDocs: null);
            return scorer?.Advance(doc) == doc
                ? new ComplexExplanation(match: true, scorer.GetScore(), query.ToString())
                : new ComplexExplanation(match: false, 0, query.ToString());
        }
    }
}
