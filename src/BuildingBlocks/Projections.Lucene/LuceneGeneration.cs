using System.Collections.Immutable;
using Lucene.Net.Analysis.Core;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Registries;
using Directory = System.IO.Directory;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>
/// One index: the rows of a generation, its parked events and its checkpoints, all of one commit. What a batch wrote is visible at once, by a searcher over the writer; it is on the disk with the next
/// commit, and until then a crash takes all of it back, checkpoints included.
/// </summary>
internal sealed class LuceneGeneration : IDisposable
{
    private const LuceneVersion Version = LuceneVersion.LUCENE_48;

    /// <summary>What a writer gathers before it writes a segment; a build fills it, live batches never do.</summary>
    private const double BufferMegabytes = 64;

    /// <summary>Small new segments stay in memory until a commit brings them to the disk.</summary>
    private const double SmallSegmentMegabytes = 5;
    private const double SmallSegmentsMegabytes = 32;

    private readonly string path;
    private readonly Action<Exception> mergeFailed;
    private FSDirectory files = null!;
    private NRTCachingDirectory cached = null!;
    private volatile SearcherManager searchers = null!;
    private volatile ImmutableDictionary<LogPartition, Checkpoint> checkpoints = null!;
    private volatile DeadLetterSet letters = null!;
    private volatile bool closed;
    private volatile bool ended;
    private int readers;
    private long changedAt;

    private LuceneGeneration(int number, string path, Action<Exception> mergeFailed)
    {
        Number = number;
        this.path = path;
        this.mergeFailed = mergeFailed;
    }

    public int Number { get; }

    /// <summary>One batch at a time writes; whoever has it may write and commit.</summary>
    public SemaphoreSlim Batches { get; } = new(1);

    public IndexWriter Writer { get; private set; } = null!;

    public IReadOnlyDictionary<LogPartition, Checkpoint> Checkpoints => checkpoints;

    public DeadLetterSet Letters => letters;

    /// <summary>Whether the generation has ended: nothing more is written to it.</summary>
    public bool HasEnded => ended;

    /// <summary>Since when there is something that is not on the disk yet, by the system's clock; 0 where there is nothing.</summary>
    public long ChangedAt => Volatile.Read(ref changedAt);

    /// <summary>Opens the index of a generation.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="path">Its folder.</param>
    /// <param name="make">Whether to make it where it is missing.</param>
    /// <param name="mergeFailed">Told what went wrong in the background.</param>
    /// <exception cref="IndexNotFoundException">It is missing.</exception>
    public static LuceneGeneration Open(int number, string path, bool make, Action<Exception> mergeFailed)
    {
        if (!make && !Directory.Exists(path))
            throw new IndexNotFoundException($"{path} is missing");
        Directory.CreateDirectory(path);
        var generation = new LuceneGeneration(number, path, mergeFailed);
        try
        {
            generation.Open(make ? OpenMode.CREATE_OR_APPEND : OpenMode.APPEND);
            return generation;
        }
        catch
        {
            generation.Dispose();
            throw;
        }
    }

    /// <summary>Reads all files once and compares their checksums.</summary>
    /// <exception cref="CorruptIndexException">One holds other bytes than were written.</exception>
    public void Check()
    {
        var searcher = searchers.Acquire();
        try
        {
            foreach (var leaf in searcher.IndexReader.Leaves)
                leaf.AtomicReader.CheckIntegrity();
        }
        finally
        {
            searchers.Release(searcher);
        }
    }

    /// <summary>A searcher over what is visible; null where the generation is closed. To be given back by <see cref="Release"/>.</summary>
    public IndexSearcher? Acquire()
    {
        Interlocked.Increment(ref readers);
        while (!closed)
        {
            try
            {
                return searchers.Acquire();
            }
            catch (ObjectDisposedException)
            {
                // Opened anew in this moment, or closed.
            }
        }

        Interlocked.Decrement(ref readers);
        return null;
    }

    public void Release(IndexSearcher searcher)
    {
        searcher.IndexReader.DecRef();
        Interlocked.Decrement(ref readers);
    }

    /// <summary>Makes visible what was written.</summary>
    public void Refresh() => searchers.MaybeRefreshBlocking();

    /// <summary>Notes where the checkpoints are from here on, and what is parked; both come to the disk with the rows that were written before.</summary>
    public void Note(IEnumerable<Checkpoint> moved, DeadLetterSet parked)
    {
        checkpoints = checkpoints.SetItems(moved.Select(point => KeyValuePair.Create(point.Partition, point)));
        letters = parked;
        if (changedAt == 0)
            Volatile.Write(ref changedAt, Environment.TickCount64);
    }

    /// <summary>Writes letters as documents, in the place of those that were there.</summary>
    public void WriteLetters(IEnumerable<DeadLetterEntry> written)
    {
        foreach (var letter in written)
            Writer.UpdateDocument(PlaceOf(letter.Offset), DeadLetterDocument.Of(letter, PlaceOf(letter.Offset).Text));
    }

    public void RemoveLetters(IEnumerable<(LogPartition Partition, long Offset)> places)
    {
        foreach (var place in places)
            Writer.DeleteDocuments(PlaceOf(place));
    }

    /// <summary>Brings everything to the disk, as one commit.</summary>
    public void Commit()
    {
        Writer.SetCommitData(CommitNotes.Write(checkpoints.Values));
        Writer.Commit();
        Volatile.Write(ref changedAt, 0);
    }

    /// <summary>Goes back to the last commit, after a write that ended in the middle.</summary>
    public void GoBack()
    {
        CloseFiles();
        try
        {
            Open(OpenMode.APPEND);
        }
        catch
        {
            closed = true;
            throw;
        }
    }

    /// <summary>The generation has ended: whoever writes to it has lost its checkpoints.</summary>
    public void End()
    {
        ended = true;
        checkpoints = checkpoints.Clear();
    }

    /// <summary>Closes it for ever and removes its files; false while somebody reads it.</summary>
    public bool TryRemove()
    {
        closed = true;
        if (Volatile.Read(ref readers) > 0)
        {
            closed = false;
            return false;
        }

        CloseFiles();
        Remove(path);
        return true;
    }

    /// <summary>Closes it; what is not on the disk comes there first.</summary>
    public void Dispose()
    {
        closed = true;
        try
        {
            if (Writer is not null && ChangedAt != 0 && !ended)
                Commit();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It goes on from the last commit.
        }

        CloseFiles();
        Batches.Dispose();
    }

    /// <summary>Removes the folder of a generation.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private void Open(OpenMode mode)
    {
        // The folder of all generations is claimed: nobody else writes here, and a lock that a crash left means nothing.
        // Not mapped into memory: Lucene.Net keeps a weak handle for each reader of a mapped file, a search has hundreds of them, and every collection walks through all.
        files = new PositionedDirectory(path, new SingleInstanceLockFactory());
        cached = new NRTCachingDirectory(files, SmallSegmentMegabytes, SmallSegmentsMegabytes);
        var settings = new IndexWriterConfig(Version, new WhitespaceAnalyzer(Version))
        {
            OpenMode = mode,
            RAMBufferSizeMB = BufferMegabytes,
            Similarity = new BM25Similarity(),
            UseCompoundFile = false,
            MergeScheduler = new QuietMerges(mergeFailed),
        };
        Writer = new IndexWriter(cached, settings);
        var isNew = !DirectoryReader.IndexExists(cached);
        checkpoints = CommitNotes.Read(Writer.CommitData).ToImmutableDictionary(point => point.Partition);
        if (isNew)
            Commit();
        searchers = new SearcherManager(Writer, applyAllDeletes: true, new ScoringFactory());
        letters = new DeadLetterSet(ReadLetters());
        Volatile.Write(ref changedAt, 0);
    }

    private List<DeadLetterEntry> ReadLetters()
    {
        var found = new List<DeadLetterEntry>();
        var searcher = searchers.Acquire();
        try
        {
            var hits = searcher.Search(LuceneFields.Parked, int.MaxValue);
            var visitor = new RowVisitor(LuceneFields.Letter);
            foreach (var hit in hits.ScoreDocs)
            {
                searcher.Doc(hit.Doc, visitor.Empty());
                found.Add(DeadLettersJson.Read(visitor.Bytes));
            }
        }
        finally
        {
            searchers.Release(searcher);
        }

        return found;
    }

    private void CloseFiles()
    {
        Quietly(() => searchers?.Dispose());
        // Ends at once, also a merge; what was to be kept is committed by now.
        Quietly(() => Writer?.Rollback());
        Quietly(() => cached?.Dispose());
    }

    // A broken index cannot be closed properly. Its files go, or are opened anew from the last commit.
    private static void Quietly(Action close)
    {
        try
        {
            close();
        }
        catch (Exception exception) when (BrokenIndex.Is(exception) || exception is IOException or InvalidOperationException)
        {
        }
    }

    private static Term PlaceOf((LogPartition Partition, long Offset) place) =>
        new(LuceneFields.Place, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place.Partition.Log}/{place.Partition.Partition}/{place.Offset}"));

    private sealed class ScoringFactory : SearcherFactory
    {
        public override IndexSearcher NewSearcher(IndexReader reader) => new(reader) { Similarity = new BM25Similarity() };
    }
}
