using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// Waits until read models have applied given offsets. If this process applies the partition, its runner wakes the waiting requests with
/// the batch. If another process does, as shared stores allow, it reports its progress; until it does, the checkpoints of the store are
/// polled.
/// </summary>
internal sealed class ReadModelGate(IServiceProvider services, IEnumerable<IEventLog> logs) : IReadModelGate
{
    private readonly Dictionary<string, IEventLog> local = logs.ToDictionary(log => log.Name);

    public async Task<Error?> WaitAsync(
        IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> offsets, TimeSpan timeout, CancellationToken cancellation)
    {
        if (offsets.Count == 0)
            return null;
        CancellationTokenSource? bounded = null;
        try
        {
            foreach (var name in readModels)
            {
                var status = services.GetRequiredKeyedService<ProjectionStatus>(name);
                foreach (var offset in offsets)
                {
                    if (!status.Logs.Contains(offset.Log) || status.HasApplied(PartitionOf(offset), offset.NextOffset))
                        continue;
                    if (await MissingAsync(offset, cancellation) is { } missing)
                        return missing;
                    bounded ??= Bounded(timeout, cancellation);
                    if (!await IsAppliedAsync(status, offset, bounded.Token))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        return await BehindAsync(status, offset, cancellation);
                    }
                }
            }

            return null;
        }
        finally
        {
            bounded?.Dispose();
        }
    }

    private async Task<bool> IsAppliedAsync(ProjectionStatus status, LogOffset offset, CancellationToken bounded)
    {
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>(status.Name);
        var partition = PartitionOf(offset);
        var polling = new StorePolling(TimeProvider.System);
        IDisposable? waiter = null;
        try
        {
            while (true)
            {
                var version = status.Advanced.Version;
                if (status.HasApplied(partition, offset.NextOffset) || status.Shared.HasApplied(partition, offset.NextOffset))
                    return true;
                if (registry.Instance is null && !status.Applies(partition))
                {
                    // Registered before the store is read, so that events applied after that are reported.
                    waiter ??= status.Shared.Wait();
                    if (polling.IsDue(status.Shared.IsReported(partition))
                        && await StoredOffsetAsync(status, registry, partition, bounded) >= offset.NextOffset)
                    {
                        return true;
                    }
                }

                await status.Advanced.WaitAsync(version, polling.Wait, bounded);
            }
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            waiter?.Dispose();
        }
    }

    // After a restore from a backup a log may be shorter than what a client has seen of it: the offset then never comes, or with another
    // event.
    private async Task<Error?> MissingAsync(LogOffset offset, CancellationToken cancellation)
    {
        if (!local.TryGetValue(offset.Log, out var log))
            return null;
        var heads = await log.HeadsAsync(cancellation);
        var head = heads.GetValueOrDefault(PartitionOf(offset));
        return head >= offset.NextOffset ? null : ConsistencyErrors.LogShorter(offset, head);
    }

    private async Task<Error> BehindAsync(ProjectionStatus status, LogOffset offset, CancellationToken cancellation)
    {
        var partition = PartitionOf(offset);
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>(status.Name);
        var applied = status.Partitions.FirstOrDefault(owned => owned.Partition == partition)?.NextOffset
            ?? (registry.Instance is null ? await StoredOffsetAsync(status, registry, partition, cancellation) : null);
        return ConsistencyErrors.Behind(status.Name, offset, offset.NextOffset - applied);
    }

    private static async Task<long?> StoredOffsetAsync(
        ProjectionStatus status, IGenerationRegistry registry, LogPartition partition, CancellationToken cancellation)
    {
        if (status.Registry?.Live is not { } live)
            return null;
        foreach (var checkpoint in await registry.CheckpointsAsync(live.Number, cancellation))
        {
            if (checkpoint.Partition == partition)
                return checkpoint.NextOffset;
        }

        return null;
    }

    private static CancellationTokenSource Bounded(TimeSpan timeout, CancellationToken cancellation)
    {
        var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(timeout);
        return bounded;
    }

    private static LogPartition PartitionOf(LogOffset offset) => new(offset.Log, offset.Partition);
}
