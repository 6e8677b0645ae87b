using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>The documents of a segment that match a <see cref="TermMatchQuery"/>, by score.</summary>
internal sealed class SegmentMatches(DocumentSetPool sets, AtomicReader segment, IBits? acceptDocs)
{
    private readonly List<(DocsEnum Documents, int Score)> postings = [];
    private readonly List<(FixedBitSet Documents, int Score)> prefixSets = [];
    private readonly List<(FixedBitSet Documents, int Score)> mergedSets = [];
    private DocsEnum? reused;

    public AtomicReader Segment => segment;

    /// <summary>Postings of exact terms, which are read while the scorer advances.</summary>
    public IReadOnlyList<(DocsEnum Documents, int Score)> Postings => postings;

    /// <summary>The documents of all other terms.</summary>
    public IEnumerable<(FixedBitSet Documents, int Score)> Sets => prefixSets.Concat(mergedSets);

    /// <summary>An upper bound of the number of documents.</summary>
    public long Cost { get; private set; }

    public bool Any => postings.Count + prefixSets.Count + mergedSets.Count > 0;

    /// <summary>Adds the postings of the current term.</summary>
    public void AddPostings(TermsEnum termsEnum, int score)
    {
        postings.Add((termsEnum.Docs(acceptDocs, reuse: null, DocsFlags.NONE), score));
        Cost += termsEnum.DocFreq;
    }

    /// <summary>Adds the documents of the current term to the set of its score.</summary>
    public void MergePostings(TermsEnum termsEnum, int score)
    {
        SetOf(score).Or(reused = termsEnum.Docs(acceptDocs, reused, DocsFlags.NONE));
        Cost += termsEnum.DocFreq;
    }

    /// <summary>Adds a set, which may contain deleted documents.</summary>
    public void AddSet(FixedBitSet documents, int score)
    {
        var count = documents.Cardinality;
        if (count == 0)
            return;
        Cost += count;
        if (acceptDocs is null)
        {
            prefixSets.Add((documents, score));
            return;
        }

        var accepted = NewSet();
        for (var document = documents.NextDocument(0);
            document != DocIdSetIterator.NO_MORE_DOCS;
            document = documents.NextDocument(document + 1))
        {
            if (acceptDocs.Get(document))
                accepted.Set(document);
        }

        prefixSets.Add((accepted, score));
    }

    /// <summary>An empty set that is valid until the search ends.</summary>
    public FixedBitSet NewSet() => sets.Rent(segment.MaxDoc);

    private FixedBitSet SetOf(int score)
    {
        foreach (var merged in mergedSets)
        {
            if (merged.Score == score)
                return merged.Documents;
        }

        var set = NewSet();
        mergedSets.Add((set, score));
        return set;
    }
}
