using System.Text.Json;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Stores rows, checkpoints and dead letters in Lucene indexes on the local disk, one per generation.</summary>
internal sealed class LuceneStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly LuceneMapping<TKey, TRow> mapping;
    private readonly ProjectionDefinition projection;
    private readonly LuceneRows rows;
    private readonly DocumentRegistry registry;
    private readonly TimeProvider clock;

    public LuceneStore(
        string folder, ProjectionDefinition projection, LuceneMapping<TKey, TRow> mapping, TimeProvider clock, ILogger logger)
    {
        this.mapping = mapping;
        this.projection = projection;
        this.clock = clock;
        rows = new LuceneRows(projection.Name, folder, logger);
        registry = new DocumentRegistry(projection, new FileRegistryDocument(() => rows.Folder), rows, clock);
        rows.Broken = (generation, reason) => registry.MarkLostAsync(generation, reason, CancellationToken.None);
        Index = new LuceneIndex(projection.Name, rows, registry);
    }

    public LuceneIndex Index { get; }

    public IGenerationRegistry Registry => registry;

    public TKey KeyOf(TRow row) => mapping.Key(row);

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation)
    {
        if (projection.Writers == WriterMode.Concurrent || rows.Find(generation) is not { } index)
            return new LuceneBatch<TKey, TRow>(this, generation, held: null);
        await index.Batches.WaitAsync(cancellation);
        return new LuceneBatch<TKey, TRow>(this, generation, index);
    }

    /// <summary>The rows of keys, and the keys with dead letters.</summary>
    public void Load(int generation, IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> found, HashSet<TKey> deadLetterKeys)
    {
        Search(generation, searcher => RowReader.Find(
            searcher.IndexReader, keys.Select(KeyText.Of<TKey>), (key, row) => found.Add(KeyText.Parse<TKey>(key), Read(row))));
        if (rows.Find(generation)?.DeadLetters is { Count: > 0 } deadLetters)
            deadLetterKeys.UnionWith(keys.Where(key => deadLetters.Has(KeyText.Of(key))));
    }

    /// <summary>Writes a batch.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="commit">The batch.</param>
    /// <param name="absent">Keys without a row in the index.</param>
    /// <param name="held">Whether the batch already owns <see cref="LuceneGeneration.Batches"/>.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task CommitAsync(
        int generation, BatchCommit<TKey, TRow> commit, HashSet<TKey> absent, bool held, CancellationToken cancellation)
    {
        if (await registry.AreWritesBlockedAsync(generation, cancellation))
            throw new WritesBlockedException();
        var index = rows.Find(generation) ?? throw new CheckpointLostException();
        if (!held)
            await index.Batches.WaitAsync(cancellation);
        try
        {
            CheckCheckpoints(index, commit.Advances);
            using var document = new RowDocument<TKey, TRow>(mapping);
            // All rows are validated before the first one is written.
            foreach (var change in commit.Changes)
            {
                if (change.Row is { } row)
                    document.Check(row);
            }

            Write(index, () => WriteBatch(index, commit, absent, document));
        }
        finally
        {
            if (!held)
                index.Batches.Release();
        }
    }

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        var index = rows.Find(generation) ?? throw new CheckpointLostException();
        await index.Batches.WaitAsync(cancellation);
        try
        {
            CheckCheckpoints(index, fill.Advances);
            if (index.ChangedAt != 0)
                index.Commit();
            await FillAsync(index, fill, cancellation);
        }
        finally
        {
            index.Batches.Release();
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<TRow> found = [];
        var afterKey = after is { } key ? KeyText.Of(key) : null;
        Search(generation, searcher => found = [.. RowReader.Scan(searcher.IndexReader, afterKey, limit).Select(Read)]);
        return Task.FromResult(found);
    }

    public Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var found = new List<TRow>(keys.Count);
        Search(
            generation,
            searcher => RowReader.Find(searcher.IndexReader, keys.Select(KeyText.Of<TKey>), (_, row) => found.Add(Read(row))));
        return Task.FromResult<IReadOnlyList<TRow>>(found);
    }

    public async Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var index = rows.Find(generation)
            ?? throw new InvalidOperationException($"{projection.Name} has no rows of generation {generation}.");
        await index.Batches.WaitAsync(cancellation);
        try
        {
            return new RowsWithCheckpoints<TRow>(LuceneRows.CheckpointsOf(index), await FindAsync(generation, keys, cancellation));
        }
        finally
        {
            index.Batches.Release();
        }
    }

    public Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PendingRequest<TKey>>>(
        [
            .. (rows.Find(generation)?.DeadLetters.PendingRequests(owned, maxKeys, maxEventsPerKey) ?? []).Select(key =>
                new PendingRequest<TKey>(
                    KeyText.Parse<TKey>(key.First.Key),
                    key.First.Request!.Value,
                    key.First.Operation!.Value,
                    [.. key.Entries.Select(entry => entry.Record)])),
        ]);

    public void Dispose()
    {
        rows.Dispose();
        registry.Dispose();
    }

    private TRow Read(byte[] row) => JsonSerializer.Deserialize(row, mapping.Json)!;

    private static void CheckCheckpoints(LuceneGeneration index, IReadOnlyList<CheckpointAdvance> advances)
    {
        if (index.HasEnded)
            throw new CheckpointLostException();
        var known = index.Checkpoints;
        foreach (var advance in advances)
        {
            if (!known.TryGetValue(advance.Partition, out var point) || point.Epoch != advance.Epoch || point.NextOffset != advance.From)
                throw new CheckpointLostException();
        }
    }

    private static IEnumerable<Checkpoint> Advanced(IReadOnlyList<CheckpointAdvance> advances) => advances.Select(advance =>
        new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source));

    private void WriteBatch(
        LuceneGeneration index, BatchCommit<TKey, TRow> commit, HashSet<TKey> absent, RowDocument<TKey, TRow> document)
    {
        foreach (var (key, row) in commit.Changes)
        {
            if (row is null)
                index.Writer.DeleteDocuments(TermOf(key));
            else if (absent.Contains(key))
                index.Writer.AddDocument(document.Of(row).Fields);
            else
                index.Writer.UpdateDocument(TermOf(key), document.Of(row).Fields);
        }

        var deadLetters = WriteDeadLetters(index, commit.DeadLetters, commit.Resolved);
        // Rows must be visible before their checkpoints.
        index.Refresh();
        index.SetState(Advanced(commit.Advances), deadLetters);
        // Dead letters that operators see must survive a crash.
        if (commit.DeadLetters.Count > 0 || commit.Resolved.Count > 0)
            index.Commit();
    }

    private DeadLetterSet WriteDeadLetters(
        LuceneGeneration index,
        IReadOnlyList<DeadLetterEvent<TKey>> added,
        IReadOnlyList<(LogPartition Partition, long Offset)> resolved)
    {
        if (added.Count == 0 && resolved.Count == 0)
            return index.DeadLetters;
        var written = new List<DeadLetterEntry>();
        var deadLetters = index.DeadLetters.With(
            added.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason)), resolved, clock.GetUtcNow(), written);
        index.WriteDeadLetters(written);
        index.RemoveDeadLetters(resolved);
        return deadLetters;
    }

    private async Task FillAsync(LuceneGeneration index, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        try
        {
            await ParallelIndexing.AddAsync(index.Writer, mapping, fill.Added, cancellation);
            await foreach (var change in fill.Changes.WithCancellation(cancellation))
            {
                using var document = new RowDocument<TKey, TRow>(mapping);
                if (change.Row is null)
                    index.Writer.DeleteDocuments(TermOf(change.Key));
                else
                    index.Writer.UpdateDocument(TermOf(change.Key), document.Of(change.Row).Fields);
            }

            var deadLetters = WriteDeadLetters(index, fill.DeadLetters, []);
            index.Refresh();
            index.SetState(Advanced(fill.Advances), deadLetters);
            index.Commit();
        }
        catch
        {
            rows.RollBack(index);
            throw;
        }
    }

    /// <summary>Writes, and reverts to the last commit on failure, so that partial writes never become visible.</summary>
    private void Write(LuceneGeneration index, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception)
        {
            if (BrokenIndex.Is(exception))
                rows.ReportBroken(index.Number, exception);
            else
                rows.RollBack(index);
            throw;
        }
    }

    private void Search(int generation, Action<IndexSearcher> search)
    {
        if (rows.Find(generation) is not { } index || index.Acquire() is not { } searcher)
            throw new InvalidOperationException($"{projection.Name} has no rows of generation {generation}.");
        try
        {
            search(searcher);
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            rows.ReportBroken(generation, exception);
            throw;
        }
        finally
        {
            index.Release(searcher);
        }
    }

    private static Term TermOf(TKey key) => new(LuceneFields.Key, KeyText.Of(key));
}
