using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>What lives with the rows of one projection, on a server that all hosts share: an index a generation, its checkpoints and parked events, and the alias that queries read.</summary>
internal sealed partial class ElasticsearchRows : IGenerationRows, IDisposable
{
    private static readonly TimeSpan GetsOutOfTheWay = TimeSpan.FromMilliseconds(250);

    private readonly string projection;
    private readonly RegistryIndex registry;
    private readonly IRegistryDocument document;
    private readonly GenerationIndex indexes;
    private readonly WriteBlock freeze;
    private readonly ILogger logger;
    private readonly ConcurrentDictionary<int, SemaphoreSlim> batches = [];

    public ElasticsearchRows(
        string projection, ElasticsearchClient client, StoreNames names, IRegistryDocument document, GenerationIndex indexes, CheckpointDocuments checkpoints, DeadLetterIndex parked, ILogger logger)
    {
        this.projection = projection;
        this.document = document;
        this.indexes = indexes;
        this.logger = logger;
        registry = new RegistryIndex(client, names);
        freeze = new WriteBlock(client, names);
        Checkpoints = checkpoints;
        Parked = parked;
    }

    public string Store => "elasticsearch";

    public string? Instance => null;

    /// <summary>The alias is what queries read, and moves in one step.</summary>
    public bool ServesBeforeRegistry => true;

    public CheckpointDocuments Checkpoints { get; }

    public DeadLetterIndex Parked { get; }

    /// <summary>One batch of a generation at a time writes in this process.</summary>
    public SemaphoreSlim BatchesOf(int generation) => batches.GetOrAdd(generation, _ => new SemaphoreSlim(1));

    public Task OpenAsync(CancellationToken cancellation) => registry.CreateAsync(cancellation);

    public async Task<int> ClearAsync(CancellationToken cancellation)
    {
        var all = await indexes.AllAsync(cancellation);
        if (all.Count == 0)
            return 0;
        // Another host may have begun meanwhile: it wrote its registry before it made an index.
        if (await document.ReadAsync(cancellation) is { HasGenerations: true })
            return 0;
        await indexes.ServeAsync(null, cancellation);
        foreach (var generation in all)
        {
            IsLost(projection, generation);
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

    public Task DeleteCheckpointsAsync(int generation, CancellationToken cancellation) => Checkpoints.DeleteCheckpointsAsync(generation, cancellation);

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        await indexes.RemoveAsync(generation, cancellation);
        await Parked.RemoveAsync(generation, cancellation);
        await Checkpoints.RemoveAsync(generation, cancellation);
        await freeze.RemoveAsync(generation, cancellation);
    }

    public Task ServeAsync(int? generation, CancellationToken cancellation) => indexes.ServeAsync(generation, cancellation);

    public Task<int?> ServedGenerationAsync(CancellationToken cancellation) => indexes.ServedGenerationAsync(cancellation);

    public async Task<IAsyncDisposable?> BlockWritesAsync(int generation, CancellationToken cancellation)
    {
        var batch = BatchesOf(generation);
        if (!await batch.WaitAsync(GetsOutOfTheWay, cancellation))
            return null;
        var frozen = new Thaw(this, generation, batch);
        try
        {
            // Batches of other hosts are kept out by the server.
            await freeze.WriteAsync(generation, cancellation);
            await indexes.BlockAsync(generation, cancellation);
            await indexes.RefreshAsync(generation, cancellation);
            return frozen;
        }
        catch
        {
            await frozen.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a generation takes no writes only because its successor is taking over. A block that was left behind is lifted.</summary>
    public async Task<bool> IsFrozenAsync(int generation, CancellationToken cancellation)
    {
        if (await freeze.HasExpiredAsync(generation, cancellation) is not { } expired)
            return false;
        if (expired)
            await ThawAsync(generation);
        return true;
    }

    public async Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation) => InOrder(await Checkpoints.ReadAsync(generation, cancellation));

    public async Task<IReadOnlyList<PartitionCheckpoint>> VisibleCheckpointsAsync(int generation, CancellationToken cancellation) =>
        [.. await CheckpointsAsync(generation, cancellation), .. await indexes.SeenAsync(generation, cancellation)];

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        var batch = BatchesOf(generation);
        await batch.WaitAsync(cancellation);
        try
        {
            var taken = await Checkpoints.ClaimPartitionsAsync(generation, partitions, cancellation);
            if (taken.Count > 0)
                await Parked.TakenAsync(generation, taken, cancellation);
            return taken;
        }
        finally
        {
            batch.Release();
        }
    }

    public Task<DeadLetterCount> CountDeadLettersAsync(int generation, CancellationToken cancellation) => Parked.CountAsync(generation, cancellation);

    public Task<IReadOnlySet<string>> DeadLetterKeysAsync(int generation, CancellationToken cancellation) => Parked.KeysAsync(generation, cancellation);

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int generation, long after, int limit, CancellationToken cancellation) => Parked.VisibleCheckpointsAsync(generation, after, limit, cancellation);

    public Task<long> AddRequestAsync(int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) => Parked.AddRequestAsync(generation, key, request, operation, cancellation);

    public Task<RequestProgress> RequestProgressAsync(int generation, Guid operation, CancellationToken cancellation) => Parked.ProgressAsync(generation, operation, cancellation);

    public Task RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) => Parked.RemoveRequestAsync(generation, operation, cancellation);

    public void Dispose()
    {
        foreach (var batch in batches.Values)
            batch.Dispose();
    }

    private static PartitionCheckpoint[] InOrder(IEnumerable<Checkpoint> points) =>
        [.. points.OrderBy(point => point.Partition.Log, StringComparer.Ordinal).ThenBy(point => point.Partition.Partition).Select(point => new PartitionCheckpoint(point.Partition, point.NextOffset))];

    private async Task ThawAsync(int generation)
    {
        await indexes.UnblockAsync(generation, CancellationToken.None);
        await freeze.RemoveAsync(generation, CancellationToken.None);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The index of {Projection} generation {Generation} is removed: the registry that knew of it is gone or cannot be read.")]
    private partial void IsLost(string projection, int generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Generation {Generation} of {Projection} still takes no writes after another was to take over; that is lifted by the next batch of it.")]
    private partial void NotThawed(string projection, int generation, Exception exception);

    private sealed class Thaw(ElasticsearchRows rows, int generation, SemaphoreSlim batch) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await rows.ThawAsync(generation);
            }
            catch (Exception exception)
            {
                rows.NotThawed(rows.projection, generation, exception);
            }
            finally
            {
                batch.Release();
            }
        }
    }
}
