using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The generations of a projection on the server: an index per generation, its checkpoints and dead letters, and the alias that queries
/// read.
/// </summary>
internal sealed partial class ElasticsearchRows : IGenerationRows, IDisposable
{
    private static readonly TimeSpan BlockTimeout = TimeSpan.FromMilliseconds(250);

    private readonly string projection;
    private readonly RegistryIndex registry;
    private readonly IRegistryDocument document;
    private readonly GenerationIndex indexes;
    private readonly WriteBlock writeBlock;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<int, SemaphoreSlim> batches = [];

    public ElasticsearchRows(
        string projection,
        ElasticsearchClient client,
        StoreNames names,
        IRegistryDocument document,
        GenerationIndex indexes,
        CheckpointDocuments checkpoints,
        DeadLetterIndex deadLetters,
        ILogger logger)
    {
        this.projection = projection;
        this.document = document;
        this.indexes = indexes;
        this.logger = logger;
        registry = new RegistryIndex(client, names);
        writeBlock = new WriteBlock(client, names);
        Checkpoints = checkpoints;
        DeadLetters = deadLetters;
    }

    public string Store => "elasticsearch";

    public string? Instance => null;

    /// <summary>Queries read an alias, which moves atomically.</summary>
    public bool ServesBeforeRegistry => true;

    public CheckpointDocuments Checkpoints { get; }

    public DeadLetterIndex DeadLetters { get; }

    /// <summary>Serializes the batches of a generation in this process.</summary>
    public SemaphoreSlim BatchesOf(int generation) => batches.GetOrAdd(generation, _ => new SemaphoreSlim(1));

    public Task OpenAsync(CancellationToken cancellation) => registry.CreateAsync(cancellation);

    public async Task<int> ClearAsync(CancellationToken cancellation)
    {
        var all = await indexes.AllAsync(cancellation);
        if (all.Count == 0)
            return 0;
        // Another host may have started meanwhile: it writes its registry before it creates an index.
        if (await document.ReadAsync(cancellation) is { HasGenerations: true })
            return 0;
        await indexes.ServeAsync(null, cancellation);
        foreach (var generation in all)
        {
            LogRemoved(projection, generation);
            await RemoveAsync(generation, cancellation);
        }

        return all.Max();
    }

    public async Task CreateAsync(int generation, CancellationToken cancellation)
    {
        await indexes.CreateAsync(generation, cancellation);
        await Checkpoints.CreateAsync(generation, cancellation);
    }

    public async Task<string?> FindFaultAsync(int generation, CancellationToken cancellation) =>
        await indexes.ExistsAsync(generation, cancellation) ? null : $"the index of generation {generation} is gone";

    public async Task FlushAsync(int generation, CancellationToken cancellation)
    {
        await indexes.SettleAsync(generation, cancellation);
        await indexes.RefreshAsync(generation, cancellation);
    }

    public Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation) =>
        Checkpoints.DeleteAsync(generation, cancellation);

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        await indexes.RemoveAsync(generation, cancellation);
        await DeadLetters.RemoveAsync(generation, cancellation);
        await Checkpoints.RemoveAsync(generation, cancellation);
        await writeBlock.RemoveAsync(generation, cancellation);
    }

    public Task ServeAsync(int? generation, CancellationToken cancellation) => indexes.ServeAsync(generation, cancellation);

    public Task<int?> ServedGenerationAsync(CancellationToken cancellation) => indexes.ServedGenerationAsync(cancellation);

    public async Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation)
    {
        var batch = BatchesOf(generation);
        if (!await batch.WaitAsync(BlockTimeout, cancellation))
            return null;
        var block = new Block(this, generation, batch);
        try
        {
            // The server rejects batches of other hosts.
            await writeBlock.WriteAsync(generation, cancellation);
            await indexes.BlockAsync(generation, cancellation);
            await indexes.RefreshAsync(generation, cancellation);
            return block;
        }
        catch
        {
            await block.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a promotion blocks writes to a generation. An expired block is removed.</summary>
    public async Task<bool> IsBlockedAsync(int generation, CancellationToken cancellation)
    {
        if (await writeBlock.HasExpiredAsync(generation, cancellation) is not { } expired)
            return false;
        if (expired)
            await UnblockAsync(generation);
        return true;
    }

    public async Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) =>
        InOrder(await Checkpoints.ReadAsync(generation, cancellation));

    public async Task<IReadOnlyList<PartitionCheckpoint>> VisibleCheckpointsAsync(int generation, CancellationToken cancellation) =>
        [.. await CheckpointsAsync(generation, cancellation), .. await indexes.SeenAsync(generation, cancellation)];

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        var batch = BatchesOf(generation);
        await batch.WaitAsync(cancellation);
        try
        {
            var taken = await Checkpoints.TakeAsync(generation, partitions, cancellation);
            if (taken.Count > 0)
                await DeadLetters.TakeOverAsync(generation, taken, cancellation);
            return taken;
        }
        finally
        {
            batch.Release();
        }
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) =>
        DeadLetters.CountAsync(generation, cancellation);

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) =>
        DeadLetters.KeysAsync(generation, cancellation);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) =>
        DeadLetters.ListAsync(generation, after, limit, cancellation);

    public Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) =>
        DeadLetters.RequestAsync(generation, key, request, operation, cancellation);

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) =>
        DeadLetters.ProgressAsync(generation, operation, cancellation);

    public Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) =>
        DeadLetters.CancelRequestsAsync(generation, operation, cancellation);

    public void Dispose()
    {
        foreach (var batch in batches.Values)
            batch.Dispose();
    }

    private static PartitionCheckpoint[] InOrder(IEnumerable<Checkpoint> points) =>
    [
        .. points.OrderBy(point => point.Partition.Log, StringComparer.Ordinal).ThenBy(point => point.Partition.Partition)
            .Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset)),
    ];

    private async Task UnblockAsync(int generation)
    {
        await indexes.UnblockAsync(generation, CancellationToken.None);
        await writeBlock.RemoveAsync(generation, CancellationToken.None);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The index of {Projection} generation {Generation} is removed: the registry that lists it is missing or unreadable.")]
    private partial void LogRemoved(string projection, int generation);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Writes to generation {Generation} of {Projection} are still blocked after a promotion; its next batch unblocks them.")]
    private partial void LogStillBlocked(string projection, int generation, Exception exception);

    private sealed class Block(ElasticsearchRows rows, int generation, SemaphoreSlim batch) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await rows.UnblockAsync(generation);
            }
            catch (Exception exception)
            {
                rows.LogStillBlocked(rows.projection, generation, exception);
            }
            finally
            {
                batch.Release();
            }
        }
    }
}
