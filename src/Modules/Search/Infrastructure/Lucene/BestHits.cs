using System.Collections.Immutable;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// Keeps the best hits: by score, then by id, the same in every index of the same rows, wherever its documents lie. Most hits of a search are worth the same, so that most of its time goes into asking which
/// of two ids comes first: score and place of the id are one number here.
/// </summary>
/// <param name="limit">How many hits are kept.</param>
/// <param name="after">The hit after which they start; null for the best ones.</param>
/// <param name="filters">What hits must be besides: asked of each that the words have found, since those are few of all that are active, or of last year.</param>
internal sealed class BestHits(int limit, SearchPlace? after, IReadOnlyList<Filter> filters) : ICollector
{
    private const int ScoreShift = 32;

    // Worst first, those of this segment.
    private readonly PriorityQueue<int, long> queue = new();
    private readonly List<Hit> best = [];
    private AtomicReaderContext? segment;
    private SortedDocValues? ids;
    private ImmutableArray<int> places = [];
    private IBits[] wanted = [];
    private Scorer? scorer;
    private long above = long.MinValue;
    private long below = long.MaxValue;

    public bool AcceptsDocsOutOfOrder => true;

    /// <summary>How many documents were found, kept or not.</summary>
    public long Total { get; private set; }

    /// <summary>The hits, best first.</summary>
    public IReadOnlyList<LuceneHit> Take()
    {
        EndSegment();
        return [.. best.Select(hit => new LuceneHit(hit.Document, hit.Score))];
    }

    public void SetScorer(Scorer scorer) => this.scorer = scorer;

    public void SetNextReader(AtomicReaderContext context)
    {
        EndSegment();
        segment = context;
        ids = SegmentMemory.IdsOf(context.AtomicReader);
        places = SegmentMemory.Of(context.AtomicReader).Places;
        wanted = [.. filters.Select(filter => filter.GetDocIdSet(context, acceptDocs: null)?.Bits ?? new Bits.MatchNoBits(context.AtomicReader.MaxDoc))];
        // A place that no id of the segment has lies between two.
        if (best.Count == limit)
            above = ids.LookupTerm(best[^1].Id) is var worst && worst >= 0 ? Rank(best[^1].Score, worst) : Rank(best[^1].Score, ~worst);
        if (after is not null)
            below = ids.LookupTerm(new BytesRef(after.Id.ToString())) is var last && last >= 0 ? Rank(after.Score, last) : Rank(after.Score, ~last - 1);
    }

    public void Collect(int doc)
    {
        foreach (var bits in wanted)
        {
            if (!bits.Get(doc))
                return;
        }

        Total++;
        var score = (int)scorer!.GetScore();
        if (Rank(score, -1) <= above)
            return;
        var rank = Rank(score, places[doc]);
        if (rank <= above || rank >= below)
            return;
        if (queue.Count < limit)
            queue.Enqueue(doc, rank);
        else
            queue.EnqueueDequeue(doc, rank);
        if (queue.Count == limit && queue.TryPeek(out _, out var worst))
            above = Math.Max(above, worst);
    }

    private static long Rank(int score, int place) => ((long)score << ScoreShift) + uint.MaxValue - (uint)(place + 1);

    private void EndSegment()
    {
        above = long.MinValue;
        if (queue.Count == 0)
            return;
        best.EnsureCapacity(best.Count + queue.Count);
        foreach (var (doc, rank) in queue.UnorderedItems)
        {
            var id = new BytesRef();
            ids!.LookupOrd(places[doc], id);
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
