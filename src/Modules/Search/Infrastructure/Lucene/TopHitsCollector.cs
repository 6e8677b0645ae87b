using System.Collections.Immutable;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// Collects the best hits by score, then by id, which is independent of the order of documents in the index. Many hits have the same
/// score, so comparing ids dominates: score and ordinal of the id are packed into one number.
/// </summary>
/// <param name="limit">The maximum number of hits.</param>
/// <param name="after">Collects only hits after this one; null for the best ones.</param>
/// <param name="filters">Conditions, checked for each match: a query matches far fewer documents than a filter does.</param>
internal sealed class TopHitsCollector(int limit, SearchCursor? after, IReadOnlyList<Filter> filters) : ICollector
{
    private const int ScoreShift = 32;

    // The hits of the current segment, worst first.
    private readonly PriorityQueue<int, long> queue = new();
    private readonly List<Hit> best = [];
    private AtomicReaderContext? segment;
    private SortedDocValues? ids;
    private ImmutableArray<int> ordinals = [];
    private IBits[] accepted = [];
    private Scorer? scorer;
    private long minRank = long.MinValue;
    private long maxRank = long.MaxValue;

    public bool AcceptsDocsOutOfOrder => true;

    /// <summary>The number of all hits.</summary>
    public long Total { get; private set; }

    /// <summary>The collected hits, best first.</summary>
    public IReadOnlyList<ScoredDocument> TopHits()
    {
        EndSegment();
        return [.. best.Select(hit => new ScoredDocument(hit.Document, hit.Score))];
    }

    public void SetScorer(Scorer scorer) => this.scorer = scorer;

    public void SetNextReader(AtomicReaderContext context)
    {
        EndSegment();
        segment = context;
        ids = SegmentTermCache.IdsOf(context.AtomicReader);
        ordinals = SegmentTermCache.Of(context.AtomicReader).IdOrdinals;
        accepted =
        [
            .. filters.Select(filter =>
                filter.GetDocIdSet(context, acceptDocs: null)?.Bits ?? new Bits.MatchNoBits(context.AtomicReader.MaxDoc)),
        ];
        // LookupTerm returns the complement of the insertion point for an id that the segment does not have.
        if (best.Count == limit)
        {
            minRank = ids.LookupTerm(best[^1].Id) is var worst && worst >= 0
                ? Rank(best[^1].Score, worst)
                : Rank(best[^1].Score, ~worst);
        }

        if (after is not null)
        {
            maxRank = ids.LookupTerm(new BytesRef(after.Id.ToString())) is var last && last >= 0
                ? Rank(after.Score, last)
                : Rank(after.Score, ~last - 1);
        }
    }

    public void Collect(int doc)
    {
        foreach (var bits in accepted)
        {
            if (!bits.Get(doc))
                return;
        }

        Total++;
        var score = (int)scorer!.GetScore();
        if (Rank(score, -1) <= minRank)
            return;
        var rank = Rank(score, ordinals[doc]);
        if (rank <= minRank || rank >= maxRank)
            return;
        if (queue.Count < limit)
            queue.Enqueue(doc, rank);
        else
            queue.EnqueueDequeue(doc, rank);
        if (queue.Count == limit && queue.TryPeek(out _, out var worst))
            minRank = Math.Max(minRank, worst);
    }

    private static long Rank(int score, int ordinal) => ((long)score << ScoreShift) + uint.MaxValue - (uint)(ordinal + 1);

    private void EndSegment()
    {
        minRank = long.MinValue;
        if (queue.Count == 0)
            return;
        best.EnsureCapacity(best.Count + queue.Count);
        foreach (var (doc, rank) in queue.UnorderedItems)
        {
            var id = new BytesRef();
            ids!.LookupOrd(ordinals[doc], id);
            best.Add(new Hit(segment!.DocBase + doc, (int)(rank >> ScoreShift), id));
        }

        queue.Clear();
        best.Sort();
        if (best.Count > limit)
            best.RemoveRange(limit, best.Count - limit);
    }

    private readonly record struct Hit(int Document, int Score, BytesRef Id) : IComparable<Hit>
    {
        public int CompareTo(Hit other) => Score != other.Score ? other.Score.CompareTo(Score) : Id.CompareTo(other.Id);
    }
}

/// <summary>A document number of an index reader, and its score.</summary>
internal readonly record struct ScoredDocument(int Document, int Score);
