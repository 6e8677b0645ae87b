using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>What searches have learned of a segment. A segment never changes but for documents that are deleted, which nothing here depends on; what is known of it goes when it goes.</summary>
internal sealed class SegmentMemory
{
    /// <summary>How many terms are kept of a segment, each with where its documents are: some 200 bytes a term.</summary>
    private const int KeptTerms = 20_000;

    /// <summary>How many sets of documents are kept, a bit each document of the segment.</summary>
    private const int KeptSets = 64;

    /// <summary>Fewer terms are walked through as fast as a set is.</summary>
    private const int LeastTerms = 64;

    private static readonly ConditionalWeakTable<object, SegmentMemory> Segments = [];

    private readonly ConcurrentDictionary<(string Field, string Word, int Most), IReadOnlyList<NearTerm>> nearTerms = [];
    private readonly ConcurrentDictionary<(string Field, string Beginning), DocumentSet> begun = [];
    private int kept;

    private SegmentMemory(AtomicReader segment)
    {
        var ids = IdsOf(segment);
        Places = [.. Enumerable.Range(0, segment.MaxDoc).Select(ids.GetOrd)];
    }

    /// <summary>The place of each document's id among the segment's ids in order: 4 bytes a document, since a look into the file costs a search more than everything else does.</summary>
    public ImmutableArray<int> Places { get; }

    /// <summary>The ids of a segment's documents, in order. One that has parked events alone has none.</summary>
    public static SortedDocValues IdsOf(AtomicReader segment) => FieldCache.DEFAULT.GetTermsIndex(segment, IndexFields.Id);

    /// <summary>What is known of a segment.</summary>
    public static SegmentMemory Of(AtomicReader segment) => Segments.GetValue(segment.CoreCacheKey, _ => new SegmentMemory(segment));

    /// <summary>The terms near a word, looked for once: people look for the same names, and begin again at every letter.</summary>
    /// <param name="field">The field.</param>
    /// <param name="word">The word.</param>
    /// <param name="most">How many slips of the hand may lie between.</param>
    /// <param name="find">Finds them.</param>
    public IReadOnlyList<NearTerm> Near(string field, string word, int most, Func<IReadOnlyList<NearTerm>> find)
    {
        if (nearTerms.TryGetValue((field, word, most), out var known))
            return known;
        var found = find();
        // Everything goes when it is full: to know what was asked for last would cost each search more than now and then one costs that looks again.
        if (Interlocked.Add(ref kept, found.Count + 1) > KeptTerms)
        {
            nearTerms.Clear();
            Volatile.Write(ref kept, found.Count + 1);
        }

        nearTerms[(field, word, most)] = found;
        return found;
    }

    /// <summary>The documents that have a word that begins so, deleted ones too; null where that is not known. Short beginnings have many terms, and everybody who types comes by.</summary>
    /// <param name="field">The field.</param>
    /// <param name="beginning">How they begin. A word that is this and nothing more is not meant.</param>
    public DocumentSet? Begun(string field, string beginning) => begun.TryGetValue((field, beginning), out var known) ? known : null;

    /// <summary>Keeps what <see cref="Begun"/> then knows, where it was worth it.</summary>
    /// <param name="field">The field.</param>
    /// <param name="beginning">How the words begin.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="terms">How many terms had to be walked through.</param>
    public void Keep(string field, string beginning, DocumentSet documents, int terms)
    {
        if (terms < LeastTerms)
            return;
        if (begun.Count >= KeptSets)
            begun.Clear();
        begun[(field, beginning)] = documents.Copy();
    }
}
