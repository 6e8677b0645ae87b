using System.Text.Json;
using System.Threading.Channels;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Rows as documents of an index a generation, in a folder of this process alone, together with checkpoints and parked events.</summary>
internal sealed class LuceneStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int RowsAtOnce = 1_000;

    private readonly LuceneMapping<TKey, TRow> mapping;
    private readonly ProjectionDefinition projection;
    private readonly LuceneRows rows;
    private readonly DocumentRegistry registry;
    private readonly TimeProvider clock;

    public LuceneStore(string folder, ProjectionDefinition projection, LuceneMapping<TKey, TRow> mapping, TimeProvider clock, ILogger logger)
    {
        this.mapping = mapping;
        this.projection = projection;
        this.clock = clock;
        rows = new LuceneRows(projection.Name, folder, logger);
        registry = new DocumentRegistry(projection, new FileRegistryDocument(() => rows.Folder), rows, clock);
        rows.Broken = (generation, reason) => registry.MarkLostAsync(generation, reason, CancellationToken.None);
        Index = new LuceneIndex(projection.Name, rows, registry);
    }

    /// <summary>Where queries search.</summary>
    public LuceneIndex Index { get; }

    public IGenerationRegistry Registry => registry;

    public TKey KeyOf(TRow row) => mapping.Key(row);

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation)
    {
        if (projection.Writers == WriterMode.Concurrent || rows.Find(generation) is not { } place)
            return new LuceneBatch<TKey, TRow>(this, generation, held: null);
        await place.Batches.WaitAsync(cancellation);
        return new LuceneBatch<TKey, TRow>(this, generation, place);
    }

    /// <summary>The current rows of some keys, and which of the keys are parked.</summary>
    public void Load(int generation, IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> found, HashSet<TKey> parked)
    {
        Look(generation, searcher => RowReader.Find(searcher.IndexReader, keys.Select(KeyText.Of<TKey>), (key, row) => found.Add(KeyText.Parse<TKey>(key), Read(row))));
        if (rows.Find(generation)?.Letters is { Count: > 0 } letters)
            parked.UnionWith(keys.Where(key => letters.Has(KeyText.Of(key))));
    }

    /// <summary>Writes a batch.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="commit">The batch.</param>
    /// <param name="absent">Keys of which it is known that the index has no row.</param>
    /// <param name="held">Whether the batch has the generation for itself already.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task CommitAsync(int generation, BatchCommit<TKey, TRow> commit, HashSet<TKey> absent, bool held, CancellationToken cancellation)
    {
        if (await registry.AreWritesBlockedAsync(generation, cancellation))
            throw new WritesBlockedException();
        var place = rows.Find(generation) ?? throw new CheckpointLostException();
        if (!held)
            await place.Batches.WaitAsync(cancellation);
        try
        {
            Compare(place, commit.Advances);
            using var document = new RowDocument<TKey, TRow>(mapping);
            // Nothing of a batch is written where one of its rows would be refused.
            foreach (var change in commit.Changes)
            {
                if (change.Row is { } row)
                    document.Check(row);
            }

            Write(place, () => WriteBatch(place, commit, absent, document));
        }
        finally
        {
            if (!held)
                place.Batches.Release();
        }
    }

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        var place = rows.Find(generation) ?? throw new CheckpointLostException();
        await place.Batches.WaitAsync(cancellation);
        try
        {
            Compare(place, fill.Advances);
            if (place.ChangedAt != 0)
                place.Commit();
            await FillAsync(place, fill, cancellation);
        }
        finally
        {
            place.Batches.Release();
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        IReadOnlyList<TRow> found = [];
        Look(generation, searcher => found = [.. RowReader.Scan(searcher.IndexReader, after is { } key ? KeyText.Of(key) : null, limit).Select(Read)]);
        return Task.FromResult(found);
    }

    public Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var found = new List<TRow>(keys.Count);
        Look(generation, searcher => RowReader.Find(searcher.IndexReader, keys.Select(KeyText.Of<TKey>), (_, row) => found.Add(Read(row))));
        return Task.FromResult<IReadOnlyList<TRow>>(found);
    }

    public async Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var place = rows.Find(generation) ?? throw new InvalidOperationException($"{projection.Name} has no rows of generation {generation}.");
        await place.Batches.WaitAsync(cancellation);
        try
        {
            return new RowsWithCheckpoints<TRow>(LuceneRows.CheckpointsOf(place), await FindAsync(generation, keys, cancellation));
        }
        finally
        {
            place.Batches.Release();
        }
    }

    public Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PendingRequest<TKey>>>(
        [
            .. (rows.Find(generation)?.Letters.PendingRequests(owned, maxKeys, maxEventsPerKey) ?? []).Select(key =>
                new PendingRequest<TKey>(KeyText.Parse<TKey>(key.First.Key), key.First.Request!.Value, key.First.Operation!.Value, [.. key.Entries.Select(letter => letter.Record)])),
        ]);

    public void Dispose()
    {
        rows.Dispose();
        registry.Dispose();
    }

    private TRow Read(byte[] row) => JsonSerializer.Deserialize(row, mapping.Json)!;

    private static void Compare(LuceneGeneration place, IReadOnlyList<CheckpointAdvance> advances)
    {
        if (place.HasEnded)
            throw new CheckpointLostException();
        var known = place.Checkpoints;
        foreach (var advance in advances)
        {
            if (!known.TryGetValue(advance.Partition, out var point) || point.Epoch != advance.Epoch || point.NextOffset != advance.From)
                throw new CheckpointLostException();
        }
    }

    private static IEnumerable<Checkpoint> Moved(IReadOnlyList<CheckpointAdvance> advances) =>
        advances.Select(advance => new Checkpoint(advance.Partition, advance.Epoch, advance.To, advance.LastEventId, advance.Position, advance.Source));

    private void WriteBatch(LuceneGeneration place, BatchCommit<TKey, TRow> commit, HashSet<TKey> absent, RowDocument<TKey, TRow> document)
    {
        foreach (var (key, row) in commit.Changes)
        {
            if (row is null)
                place.Writer.DeleteDocuments(TermOf(key));
            else if (absent.Contains(key))
                place.Writer.AddDocument(document.Of(row).Fields);
            else
                place.Writer.UpdateDocument(TermOf(key), document.Of(row).Fields);
        }

        var letters = Letters(place, commit.DeadLetters, commit.Resolved);
        // Whoever sees the checkpoints must see the rows.
        place.Refresh();
        place.Note(Moved(commit.Advances), letters);
        // What an operator is told of parked events must be so after a crash too.
        if (commit.DeadLetters.Count > 0 || commit.Resolved.Count > 0)
            place.Commit();
    }

    private DeadLetterSet Letters(LuceneGeneration place, IReadOnlyList<DeadLetterEvent<TKey>> parked, IReadOnlyList<(LogPartition Partition, long Offset)> unparked)
    {
        if (parked.Count == 0 && unparked.Count == 0)
            return place.Letters;
        var written = new List<DeadLetterEntry>();
        var letters = place.Letters.With(parked.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason)), unparked, clock.GetUtcNow(), written);
        place.WriteLetters(written);
        place.RemoveLetters(unparked);
        return letters;
    }

    private async Task FillAsync(LuceneGeneration place, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        try
        {
            await AddAsync(place, fill.Added, cancellation);
            await foreach (var change in fill.Changes.WithCancellation(cancellation))
            {
                using var document = new RowDocument<TKey, TRow>(mapping);
                if (change.Row is null)
                    place.Writer.DeleteDocuments(TermOf(change.Key));
                else
                    place.Writer.UpdateDocument(TermOf(change.Key), document.Of(change.Row).Fields);
            }

            var letters = Letters(place, fill.DeadLetters, []);
            place.Refresh();
            place.Note(Moved(fill.Advances), letters);
            place.Commit();
        }
        catch
        {
            rows.GoBack(place);
            throw;
        }
    }

    /// <summary>Adds new rows on all processors.</summary>
    private async Task AddAsync(LuceneGeneration place, IAsyncEnumerable<TRow> added, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pieces = Channel.CreateBounded<TRow[]>(Environment.ProcessorCount);
        var writers = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    using var document = new RowDocument<TKey, TRow>(mapping);
                    await foreach (var piece in pieces.Reader.ReadAllAsync(ending.Token))
                    {
                        foreach (var row in piece)
                            place.Writer.AddDocument(document.Of(row).Fields);
                    }
                }
                catch
                {
                    await ending.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None)).ToArray();
        try
        {
            await foreach (var piece in added.Chunk(RowsAtOnce).WithCancellation(ending.Token))
                await pieces.Writer.WriteAsync(piece, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // A writer failed, and says why.
        }
        finally
        {
            pieces.Writer.TryComplete();
            await Task.WhenAll(writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (writers.FirstOrDefault(writer => writer.IsFaulted) is { } faulted)
            await faulted;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Writes, or goes back to the last commit: what ended in the middle must not become visible.</summary>
    private void Write(LuceneGeneration place, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception)
        {
            if (BrokenIndex.Is(exception))
                rows.Tell(place.Number, exception);
            else
                rows.GoBack(place);
            throw;
        }
    }

    private void Look(int generation, Action<IndexSearcher> look)
    {
        if (rows.Find(generation) is not { } place || place.Acquire() is not { } searcher)
            throw new InvalidOperationException($"{projection.Name} has no rows of generation {generation}.");
        try
        {
            look(searcher);
        }
        catch (Exception exception) when (BrokenIndex.Is(exception))
        {
            rows.Tell(generation, exception);
            throw;
        }
        finally
        {
            place.Release(searcher);
        }
    }

    private static Term TermOf(TKey key) => new(LuceneFields.Key, KeyText.Of(key));
}
