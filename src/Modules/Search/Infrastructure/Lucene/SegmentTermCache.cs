using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// Caches term lookups and id ordinals of a segment, for the lifetime of the segment. Segments are immutable except for their deletions,
/// which nothing here depends on.
/// </summary>
internal sealed class SegmentTermCache
{
    /// <summary>The maximum number of cached fuzzy terms, about 200 bytes each.</summary>
    private const int MaxFuzzyTerms = 20_000;

    /// <summary>The maximum number of cached prefix sets, one bit per document each.</summary>
    private const int MaxPrefixSets = 64;

    /// <summary>Prefixes of fewer terms are not cached: enumerating them is as fast as reading a set.</summary>
    private const int MinPrefixTerms = 64;

    private static readonly ConditionalWeakTable<object, SegmentTermCache> Segments = [];

    private readonly ConcurrentDictionary<(string Field, string Word, int MaxEdits), IReadOnlyList<FuzzyTerm>> fuzzyTerms = [];
    private readonly ConcurrentDictionary<(string Field, string Prefix), FixedBitSet> prefixes = [];
    private int fuzzyTermCount;

    private SegmentTermCache(AtomicReader segment)
    {
        var ids = IdsOf(segment);
        IdOrdinals = [.. Enumerable.Range(0, segment.MaxDoc).Select(ids.GetOrd)];
    }

    /// <summary>
    /// The ordinal of each document's id among the sorted ids of the segment: 4 bytes per document. Reading ordinals from the index
    /// dominates the time of a search.
    /// </summary>
    public ImmutableArray<int> IdOrdinals { get; }

    /// <summary>The sorted ids of a segment; empty if it has only dead letters.</summary>
    public static SortedDocValues IdsOf(AtomicReader segment) => FieldCache.DEFAULT.GetTermsIndex(segment, IndexFields.Id);

    public static SegmentTermCache Of(AtomicReader segment) => Segments.GetValue(segment.CoreCacheKey, _ => new SegmentTermCache(segment));

    /// <summary>The terms within an edit distance of a word, without the word itself.</summary>
    public IReadOnlyList<FuzzyTerm> FuzzyTerms(string field, string word, int maxEdits, Func<IReadOnlyList<FuzzyTerm>> find)
    {
        if (fuzzyTerms.TryGetValue((field, word, maxEdits), out var cached))
            return cached;
        var found = find();
        // A full cache is cleared: LRU bookkeeping on each search costs more than an occasional repeated lookup.
        if (Interlocked.Add(ref fuzzyTermCount, found.Count + 1) > MaxFuzzyTerms)
        {
            fuzzyTerms.Clear();
            Volatile.Write(ref fuzzyTermCount, found.Count + 1);
        }

        fuzzyTerms[(field, word, maxEdits)] = found;
        return found;
    }

    /// <summary>The documents, deleted ones included, with a longer term that starts with the prefix; null if not cached.</summary>
    public FixedBitSet? PrefixDocuments(string field, string prefix) => prefixes.GetValueOrDefault((field, prefix));

    /// <summary>Caches the documents of a prefix that many terms start with.</summary>
    /// <param name="field">The field.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="documents">Its documents; the cache keeps a copy.</param>
    /// <param name="termCount">The number of terms that start with the prefix.</param>
    public void AddPrefix(string field, string prefix, FixedBitSet documents, int termCount)
    {
        if (termCount < MinPrefixTerms)
            return;
        if (prefixes.Count >= MaxPrefixSets)
            prefixes.Clear();
        prefixes[(field, prefix)] = documents.Copy();
    }
}

/// <summary>A term within an edit distance of a query word.</summary>
/// <param name="Distance">The edit distance.</param>
/// <param name="Term">The term.</param>
/// <param name="State">The location of the term in the segment.</param>
internal sealed record FuzzyTerm(int Distance, BytesRef Term, TermState State);
