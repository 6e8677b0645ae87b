using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// Stores rows as documents, one index per generation, on a server without transactions. A batch writes its rows, each with its next offset
/// to apply; then its dead letters; then the checkpoints, by compare-and-swap. An interrupted batch is repeated from the checkpoints and is
/// idempotent: rows skip events that are already applied.
/// </summary>
internal sealed partial class ElasticsearchStore<TKey, TRow> : IProjectionStore<TKey, TRow>, IDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>Reading rows and checkpoints consistently needs a moment without a batch.</summary>
    private const int MaxConsistentReads = 500;

    private static readonly TimeSpan ReadRetryDelay = TimeSpan.FromMilliseconds(10);

    private readonly string projection;
    private readonly ElasticsearchMapping<TKey, TRow> mapping;
    private readonly ElasticsearchClient client;
    private readonly GenerationIndex indexes;
    private readonly ElasticsearchRows rows;
    private readonly DocumentRegistry registry;
    private readonly ILogger logger;

    public ElasticsearchStore(
        ProjectionDefinition definition,
        ElasticsearchMapping<TKey, TRow> mapping,
        ElasticsearchClient client,
        string prefix,
        ILogger logger)
    {
        projection = definition.Name;
        this.mapping = mapping;
        this.client = client;
        this.logger = logger;
        var names = new StoreNames(prefix, definition.Name);
        var bulk = new Bulk(client, (index, block) => LogBlocked(projection, index, block.Message));
        var document = new ElasticsearchRegistryDocument(client, names);
        var mappings = $"{{\"dynamic\":\"strict\",\"properties\":{{{ElasticsearchFields.Properties}{mapping.Properties}}}}}";
        indexes = new GenerationIndex(client, names, definition.Sources[0].Catalogue.Log, mappings);
        rows = new ElasticsearchRows(
            definition.Name,
            client,
            names,
            document,
            indexes,
            new CheckpointDocuments(client, names),
            new DeadLetterIndex(definition.Name, client, bulk, names),
            logger);
        registry = new DocumentRegistry(definition, document, rows, client.Clock);
        Rows = new RowIndex<TKey, TRow>(client, bulk, names, mapping);
        Index = new ElasticsearchIndex(definition.Name, client, names, registry);
    }

    public ElasticsearchIndex Index { get; }

    public RowIndex<TKey, TRow> Rows { get; }

    public IGenerationRegistry Registry => registry;

    public bool KeepsRowOffsets => true;

    public TKey KeyOf(TRow row) => mapping.Key(row);

    public Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        Task.FromResult<IStoreBatch<TKey, TRow>>(new ElasticsearchBatch<TKey, TRow>(this, generation));

    /// <summary>The rows of keys with their next offsets to apply, and the keys with dead letters.</summary>
    public async Task LoadAsync(
        int generation,
        IReadOnlyCollection<TKey> keys,
        Dictionary<TKey, TRow> found,
        Dictionary<TKey, long> applied,
        HashSet<TKey> deadLetterKeys,
        CancellationToken cancellation)
    {
        await Rows.FindAsync(
            generation,
            keys,
            (key, row, offset) =>
            {
                applied[key] = offset.Next;
                if (row is not null)
                    found[key] = row;
            },
            cancellation);
        var known = await rows.DeadLetters.KeysOfAsync(generation, cancellation);
        deadLetterKeys.UnionWith(keys.Where(key => known.Has(KeyText.Of(key), applied.GetValueOrDefault(key))));
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
            var deadLetters = Entries(commit.DeadLetters);
            await rows.DeadLetters.AddAsync(generation, deadLetters, client.Clock.GetUtcNow(), RetryPolicy.OfSteps, cancellation);
            await rows.Checkpoints.MoveAsync(generation, commit.Advances, cancellation);
            await rows.DeadLetters.CommittedAsync(generation, deadLetters, cancellation);
            await rows.DeadLetters.RemoveAsync(generation, commit.Resolved, deadLetters, cancellation);
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
            var added = fill.Added.Select(row =>
                mapping.Key(row) is var key ? new RowChange<TKey, TRow>(key, row) { Offset = fill.OffsetOf(key) } : default);
            var changes = added.Concat(fill.Changes).Concat(fill.Deleted.ToAsyncEnumerable());
            await Rows.WriteAsync(generation, changes, refresh: false, RetryPolicy.OfBuilds, cancellation);
            var deadLetters = Entries(fill.DeadLetters);
            await rows.DeadLetters.AddAsync(generation, deadLetters, client.Clock.GetUtcNow(), RetryPolicy.OfBuilds, cancellation);
            await indexes.RefreshAsync(generation, cancellation);
            await rows.Checkpoints.MoveAsync(generation, fill.Advances, cancellation);
            await rows.DeadLetters.CommittedAsync(generation, deadLetters, cancellation);
        }
        finally
        {
            batch.Release();
        }

        if (fill.IsLast)
            await registry.SwitchToBatchesAsync(generation, cancellation);
    }

    public Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation) =>
        Rows.ScanAsync(generation, after, limit, cancellation);

    public async Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var found = new List<TRow>(keys.Count);
        await Rows.FindAsync(generation, keys, (_, row, _) => AddTo(found, row), cancellation);
        return found;
    }

    public async Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < MaxConsistentReads; attempt++)
        {
            if (await TryFindAsync(generation, keys, cancellation) is { } found)
                return found;
            await Task.Delay(ReadRetryDelay, client.Clock, cancellation);
        }

        throw new StorageUnavailableException(
            $"The rows of {projection} cannot be read consistently: they change too fast, or a host ended during a batch and no other one "
            + "has taken over yet.");
    }

    public async Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation) =>
    [
        .. (await rows.DeadLetters.PendingRequestsAsync(generation, owned, maxKeys, maxEventsPerKey, cancellation)).Select(entries =>
            new PendingRequest<TKey>(
                KeyText.Parse<TKey>(entries[0].Key),
                entries[0].Request!.Value,
                entries[0].Operation!.Value,
                [.. entries.Select(entry => entry.Record)])),
    ];

    public void Dispose()
    {
        registry.Dispose();
        rows.Dispose();
    }

    /// <summary>
    /// Rows are written before their checkpoint. If the checkpoints have not moved meanwhile and no row is ahead of them, the read is
    /// consistent.
    /// </summary>
    private async Task<RowsWithCheckpoints<TRow>?> TryFindAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        var before = await rows.CheckpointsAsync(generation, cancellation);
        var offsets = before.ToDictionary(checkpoint => checkpoint.Partition.Partition, checkpoint => checkpoint.NextOffset);
        var found = new List<TRow>(keys.Count);
        var ahead = false;
        await Rows.FindAsync(
            generation,
            keys,
            (_, row, offset) =>
            {
                AddTo(found, row);
                ahead |= offset.Next > offsets.GetValueOrDefault(offset.Partition);
            },
            cancellation);
        return !ahead && before.SequenceEqual(await rows.CheckpointsAsync(generation, cancellation))
            ? new RowsWithCheckpoints<TRow>(before, found)
            : null;
    }

    private async Task WriteRowsAsync(int generation, IReadOnlyList<RowChange<TKey, TRow>> changes, CancellationToken cancellation)
    {
        try
        {
            await Rows.WriteAsync(generation, changes, cancellation);
        }
        catch (StorageUnavailableException exception) when (exception.InnerException is ElasticsearchException { IsBlock: true })
        {
            if (await rows.IsBlockedAsync(generation, cancellation))
                throw new WritesBlockedException(exception);
            throw;
        }
        catch (ElasticsearchException exception) when (exception.IsMissingIndex)
        {
            // The generation has ended and was removed.
            throw new CheckpointLostException(exception);
        }
    }

    private static (string Key, LogRecord Record, string? Reason)[] Entries(IReadOnlyList<DeadLetterEvent<TKey>> deadLetters) =>
        [.. deadLetters.Select(entry => (KeyText.Of(entry.Key), entry.Record, entry.Reason))];

    private static void AddTo(List<TRow> found, TRow? row)
    {
        if (row is not null)
            found.Add(row);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Elasticsearch takes no writes to {Index}, and {Projection} is stalled: {Reason}. "
            + "Its disk may be full, or an operator has blocked writes.")]
    private partial void LogBlocked(string projection, string index, string reason);
}
