using System.Collections.Immutable;
using System.Globalization;
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
/// The index of a generation: rows, dead letters and checkpoints. Batches are visible at once, through near-real-time searchers over the
/// writer, and are on the disk with the next commit. A crash before it reverts them, checkpoints included.
/// </summary>
internal sealed class LuceneGeneration : IDisposable
{
    private const LuceneVersion Version = LuceneVersion.LUCENE_48;

    /// <summary>The buffer of the writer. Rebuilds fill it, live batches do not.</summary>
    private const double BufferMegabytes = 64;

    /// <summary>New segments up to this size stay in memory until a commit.</summary>
    private const double MaxCachedSegmentMegabytes = 5;
    private const double MaxCachedMegabytes = 32;

    private readonly string path;
    private readonly Action<Exception> mergeFailed;
    private FSDirectory files = null!;
    private NRTCachingDirectory cached = null!;
    private volatile SearcherManager searchers = null!;
    private volatile ImmutableDictionary<LogPartition, Checkpoint> checkpoints = null!;
    private volatile DeadLetterSet deadLetters = null!;
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

    /// <summary>Serializes writers: only its owner writes and commits.</summary>
    public SemaphoreSlim Batches { get; } = new(1);

    public IndexWriter Writer { get; private set; } = null!;

    public IReadOnlyDictionary<LogPartition, Checkpoint> Checkpoints => checkpoints;

    public DeadLetterSet DeadLetters => deadLetters;

    /// <summary>Whether the generation has ended and accepts no more writes.</summary>
    public bool HasEnded => ended;

    /// <summary>The <see cref="Environment.TickCount64"/> of the first uncommitted change; 0 if there is none.</summary>
    public long ChangedAt => Volatile.Read(ref changedAt);

    /// <summary>Opens the index of a generation.</summary>
    /// <param name="number">The number of the generation.</param>
    /// <param name="path">The folder of the index.</param>
    /// <param name="create">Whether to create a missing index.</param>
    /// <param name="mergeFailed">Called with exceptions of background merges.</param>
    /// <exception cref="IndexNotFoundException">The index is missing.</exception>
    public static LuceneGeneration Open(int number, string path, bool create, Action<Exception> mergeFailed)
    {
        if (!create && !Directory.Exists(path))
            throw new IndexNotFoundException($"{path} is missing");
        Directory.CreateDirectory(path);
        var generation = new LuceneGeneration(number, path, mergeFailed);
        try
        {
            generation.Open(create ? OpenMode.CREATE_OR_APPEND : OpenMode.APPEND);
            return generation;
        }
        catch
        {
            generation.Dispose();
            throw;
        }
    }

    /// <summary>Verifies the checksums of all files.</summary>
    /// <exception cref="CorruptIndexException">A checksum does not match.</exception>
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

    /// <summary>A searcher over the visible rows, to be released by <see cref="Release"/>; null if the generation is closed.</summary>
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
                // Reopened by RollBack, or closed.
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

    /// <summary>Makes written rows visible.</summary>
    public void Refresh() => searchers.MaybeRefreshBlocking();

    /// <summary>Sets checkpoints and dead letters; the next commit writes them together with the rows.</summary>
    public void SetState(IEnumerable<Checkpoint> moved, DeadLetterSet newDeadLetters)
    {
        checkpoints = checkpoints.SetItems(moved.Select(point => KeyValuePair.Create(point.Partition, point)));
        deadLetters = newDeadLetters;
        if (changedAt == 0)
            Volatile.Write(ref changedAt, Environment.TickCount64);
    }

    /// <summary>Adds or replaces the documents of dead letters.</summary>
    public void WriteDeadLetters(IEnumerable<DeadLetterEntry> written)
    {
        foreach (var entry in written)
            Writer.UpdateDocument(PlaceOf(entry.Offset), DeadLetterDocument.Of(entry, PlaceOf(entry.Offset).Text));
    }

    public void RemoveDeadLetters(IEnumerable<(LogPartition Partition, long Offset)> places)
    {
        foreach (var place in places)
            Writer.DeleteDocuments(PlaceOf(place));
    }

    /// <summary>Writes all changes to the disk, as one commit.</summary>
    public void Commit()
    {
        Writer.SetCommitData(CommitUserData.Write(checkpoints.Values));
        Writer.Commit();
        Volatile.Write(ref changedAt, 0);
    }

    /// <summary>Reverts to the last commit after a failed write.</summary>
    public void RollBack()
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

    /// <summary>Ends the generation: later writers fail because its checkpoints are gone.</summary>
    public void End()
    {
        ended = true;
        checkpoints = checkpoints.Clear();
    }

    /// <summary>Closes the index and deletes its files; false while it has readers.</summary>
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

    /// <summary>Commits and closes the index.</summary>
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
            // The next start continues from the last commit.
        }

        CloseFiles();
        Batches.Dispose();
    }

    public static void Remove(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }

    private void Open(OpenMode mode)
    {
        // StoreFolder claims the folder for this process, so the lock file of a crashed process can be ignored.
        // Not memory-mapped: Lucene.Net keeps a weak handle for each reader of a mapped file. A search has hundreds of readers, and each
        // garbage collection visits all handles.
        files = new PositionedDirectory(path, new SingleInstanceLockFactory());
        cached = new NRTCachingDirectory(files, MaxCachedSegmentMegabytes, MaxCachedMegabytes);
        var settings = new IndexWriterConfig(Version, new WhitespaceAnalyzer(Version))
        {
            OpenMode = mode,
            RAMBufferSizeMB = BufferMegabytes,
            Similarity = new BM25Similarity(),
            UseCompoundFile = false,
            MergeScheduler = new ReportingMergeScheduler(mergeFailed),
        };
        Writer = new IndexWriter(cached, settings);
        var isNew = !DirectoryReader.IndexExists(cached);
        checkpoints = CommitUserData.Read(Writer.CommitData).ToImmutableDictionary(point => point.Partition);
        if (isNew)
            Commit();
        searchers = new SearcherManager(Writer, applyAllDeletes: true, new ScoringFactory());
        deadLetters = new DeadLetterSet(ReadDeadLetters());
        Volatile.Write(ref changedAt, 0);
    }

    private List<DeadLetterEntry> ReadDeadLetters()
    {
        var found = new List<DeadLetterEntry>();
        var searcher = searchers.Acquire();
        try
        {
            var hits = searcher.Search(LuceneFields.DeadLetters, int.MaxValue);
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
        // Aborts running merges. All changes that must be kept are committed.
        Quietly(() => Writer?.Rollback());
        Quietly(() => cached?.Dispose());
    }

    // Closing a corrupt index fails. Its files are deleted, or reopened from the last commit.
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

    private static Term PlaceOf((LogPartition Partition, long Offset) place) => new(
        LuceneFields.Place,
        string.Create(CultureInfo.InvariantCulture, $"{place.Partition.Log}/{place.Partition.Partition}/{place.Offset}"));

    /// <summary>Reports exceptions of background merges instead of ending the process.</summary>
    private sealed class ReportingMergeScheduler(Action<Exception> failed) : ConcurrentMergeScheduler
    {
        protected override void HandleMergeException(Exception exc) => failed(exc);
    }

    private sealed class ScoringFactory : SearcherFactory
    {
        public override IndexSearcher NewSearcher(IndexReader reader) => new(reader) { Similarity = new BM25Similarity() };
    }
}
