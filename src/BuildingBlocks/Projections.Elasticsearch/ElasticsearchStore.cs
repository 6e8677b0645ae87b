using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// Rows as documents of an index a generation, on a server without transactions. A batch writes its rows, each with how far the log is applied to it; then what it parks; then the checkpoints, by
/// compare-and-swap. Whatever ends in between is begun again from the checkpoints, and changes nothing that is there already: a row passes by the events that it has seen.
/// </summary>
internal sealed partial class ElasticsearchStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>A look at rows and checkpoints of one moment needs a moment without a batch.</summary>
    private const int MostLooks = 500;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(10);

    private readonly string projection;
    private readonly ElasticsearchMapping<TKey, TRow> mapping;
    private readonly ElasticsearchClient client;
    private readonly GenerationIndex indexes;
    private readonly ElasticsearchRows rows;
    private readonly DocumentRegistry registry;
    private readonly ILogger logger;

    public ElasticsearchStore(ProjectionDefinition definition, ElasticsearchMapping<TKey, TRow> mapping, ElasticsearchClient client, string prefix, ILogger logger)
    {
        projection = definition.Name;
        this.mapping = mapping;
        this.client = client;
        this.logger = logger;
        var names = new StoreNames(prefix, definition.Name);
        var bulk = new Bulk(client, (index, block) => IsBlocked(projection, index, block.Message));
        var document = new ElasticsearchRegistryDocument(client, names);
        indexes = new GenerationIndex(client, names, definition.Sources[0].Catalogue.Log, $"{{\"dynamic\":\"strict\",\"properties\":{{{ElasticsearchFields.Properties}{mapping.Properties}}}}}");
        rows = new ElasticsearchRows(
            definition.Name, client, names, document, indexes, new CheckpointDocuments(client, names), new DeadLetterIndex(definition.Name, client, bulk, names), logger);
        registry = new DocumentRegistry(definition, document, rows, client.Clock);
        Rows = new RowIndex<TKey, TRow>(client, bulk, names, mapping);
        Index = new ElasticsearchIndex(definition.Name, client, names, registry);
    }

    /// <summary>Where queries search.</summary>
    public ElasticsearchIndex Index { get; }

    /// <summary>The documents of the rows.</summary>
    public RowIndex<TKey, TRow> Rows { get; }

    public IGenerationRegistry Registry => registry;

    public bool KeepsRowOffsets => true;

    public TKey KeyOf(TRow row) => mapping.Key(row);

    public Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) => Task.FromResult<IStoreBatch<TKey, TRow>>(new ElasticsearchBatch<TKey, TRow>(this, generation));

    /// <summary>The current rows of some keys, how far the log is applied to them, and which of the keys are parked.</summary>
    public async Task LoadAsync(
        int generation, IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> found, Dictionary<TKey, long> applied, HashSet<TKey> parked, CancellationToken cancellation)
    {
        await Rows.FindAsync(
            generation,
            keys,
            (key, row, place) =>
            {
                applied[key] = place.Next;
                if (row is not null)
                    found[key] = row;
            },
            cancellation);
        var parkedKeys = await rows.Parked.KeysOfAsync(generation, cancellation);
        parked.UnionWith(keys.Where(key => parkedKeys.Has(KeyText.Of(key), applied.GetValueOrDefault(key))));
    }

    /// <summary>Writes a batch.</summary>
    public async Task CommitAsync(int generation, BatchCommit<TKey, TRow> commit, CancellationToken cancellation)
    {
        var batch = rows.BatchesOf(generation);
        await batch.WaitAsync(cancellation);
        try
        {
            if (await registry.AreWritesBlockedAsync(generation, cancellation))
                throw new WritesBlockedException();
            await rows.Checkpoints.CheckAsync(generation, commit.Advances, cancellation);
            await WriteRowsAsync(generation, commit.Changes, cancellation);
            var parked = Parked(commit.DeadLetters);
            await rows.Parked.ParkAsync(generation, parked, client.Clock.GetUtcNow(), RetryPolicy.OfSteps, cancellation);
            await rows.Checkpoints.MoveAsync(generation, commit.Advances, cancellation);
            await rows.Parked.PassedAsync(generation, parked, cancellation);
            await rows.Parked.UnparkAsync(generation, commit.Resolved, parked, cancellation);
        }
        finally
        {
            batch.Release();
        }
    }

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        var batch = rows.BatchesOf(generation);
        await batch.WaitAsync(cancellation);
        try
        {
            await rows.Checkpoints.CheckAsync(generation, fill.Advances, cancellation);
            var added = fill.Added.Select(row => mapping.Key(row) is var key ? new RowChange<TKey, TRow>(key, row) { Offset = fill.OffsetOf(key) } : default);
            await Rows.WriteAsync(generation, added.Concat(fill.Changes).Concat(fill.Deleted.ToAsyncEnumerable()), refresh: false, RetryPolicy.OfBuilds, cancellation);
            var parked = Parked(fill.DeadLetters);
            await rows.Parked.ParkAsync(generation, parked, client.Clock.GetUtcNow(), RetryPolicy.OfBuilds, cancellation);
            await indexes.RefreshAsync(generation, cancellation);
            await rows.Checkpoints.MoveAsync(generation, fill.Advances, cancellation);
            await rows.Parked.PassedAsync(generation, parked, cancellation);
        }
        finally
        {
            batch.Release();
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation) => Rows.ScanAsync(generation, after, limit, cancellation);

    public async Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var found = new List<TRow>(keys.Count);
        await Rows.FindAsync(generation, keys, (_, row, _) => AddTo(found, row), cancellation);
        return found;
    }

    public async Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            if (await TryFindAsync(generation, keys, cancellation) is { } found)
                return found;
            await Task.Delay(BetweenLooks, client.Clock, cancellation);
        }

        throw new StorageUnavailableException($"The rows of {projection} move too fast, or a host ended in the middle of a batch and no other has taken over yet: they cannot be read at one moment.");
    }

    public async Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
    [
        .. (await rows.Parked.PendingRequestsAsync(generation, owned, maxKeys, maxEventsPerKey, cancellation)).Select(letters => new PendingRequest<TKey>(
            KeyText.Parse<TKey>(letters[0].Key), letters[0].Request!.Value, letters[0].Operation!.Value, [.. letters.Select(letter => letter.Record)])),
    ];

    public void Dispose()
    {
        registry.Dispose();
        rows.Dispose();
    }

    /// <summary>Rows are written before their checkpoint: where neither the checkpoints moved meanwhile nor a row is ahead of them, all of it is of one moment.</summary>
    private async Task<RowsWithCheckpoints<TRow>?> TryFindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var before = await rows.CheckpointsAsync(generation, cancellation);
        var ends = before.ToDictionary(checkpoint => checkpoint.Partition.Partition, checkpoint => checkpoint.NextOffset);
        var found = new List<TRow>(keys.Count);
        var ahead = false;
        await Rows.FindAsync(
            generation,
            keys,
            (_, row, place) =>
            {
                AddTo(found, row);
                ahead |= place.Next > ends.GetValueOrDefault(place.Partition);
            },
            cancellation);
        return !ahead && before.SequenceEqual(await rows.CheckpointsAsync(generation, cancellation)) ? new RowsWithCheckpoints<TRow>(before, found) : null;
    }

    private async Task WriteRowsAsync(int generation, IReadOnlyList<RowChange<TKey, TRow>> changes, CancellationToken cancellation)
    {
        try
        {
            await Rows.WriteAsync(generation, changes, cancellation);
        }
        catch (StorageUnavailableException exception) when (exception.InnerException is ElasticsearchException { IsBlock: true })
        {
            if (await rows.IsFrozenAsync(generation, cancellation))
                throw new WritesBlockedException(exception);
            throw;
        }
        catch (ElasticsearchException exception) when (exception.IsMissingIndex)
        {
            // The generation has ended, and was removed.
            throw new CheckpointLostException(exception);
        }
    }

    private static (string Key, LogRecord Record, string? Reason)[] Parked(IReadOnlyList<DeadLetterEvent<TKey>> parked) => [.. parked.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason))];

    private static void AddTo(List<TRow> found, TRow? row)
    {
        if (row is not null)
            found.Add(row);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Elasticsearch takes no writes to {Index}, so that {Projection} stands still: {Reason}. Its disk may be full, or an operator has said so.")]
    private partial void IsBlocked(string projection, string index, string reason);
}
