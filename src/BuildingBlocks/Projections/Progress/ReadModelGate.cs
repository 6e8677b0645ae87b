using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// Waits for read models. Where this process applies the partition, its runner wakes the waiters with the batch that brings the events; where another process does, which only stores that are shared allow,
/// that one tells how far it is. As long as it does not, the store's own checkpoints are looked at.
/// </summary>
internal sealed class ReadModelGate(IServiceProvider services, IEnumerable<IEventLog> logs) : IReadModelGate
{
    private readonly Dictionary<string, IEventLog> local = logs.ToDictionary(log => log.Name);

    public async Task<Error?> WaitAsync(IReadOnlyList<string> readModels, IReadOnlyList<LogOffset> places, TimeSpan atMost, CancellationToken cancellation)
    {
        if (places.Count == 0)
            return null;

        CancellationTokenSource? bounded = null;
        try
        {
            foreach (var name in readModels)
            {
                var status = services.GetRequiredKeyedService<ProjectionStatus>(name);
                foreach (var place in places)
                {
                    if (!status.Logs.Contains(place.Log) || status.HasApplied(PartitionOf(place), place.NextOffset))
                        continue;
                    if (await MissingAsync(place, cancellation) is { } missing)
                        return missing;

                    bounded ??= Bounded(atMost, cancellation);
                    if (!await SeenAsync(status, place, bounded.Token))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        return await BehindAsync(status, place, cancellation);
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

    private async Task<bool> SeenAsync(ProjectionStatus status, LogOffset place, CancellationToken bounded)
    {
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>(status.Name);
        var partition = PartitionOf(place);
        var looks = new StorePolling(TimeProvider.System);
        IDisposable? waiting = null;
        try
        {
            while (true)
            {
                var seen = status.Advanced.Version;
                if (status.HasApplied(partition, place.NextOffset) || status.Shared.HasApplied(partition, place.NextOffset))
                    return true;

                if (registry.Instance is null && !status.Applies(partition))
                {
                    // Before the look: what is applied after it is told.
                    waiting ??= status.Shared.Wait();
                    if (looks.IsDue(status.Shared.IsTold(partition)) && await AppliedElsewhereAsync(status, registry, partition, bounded) >= place.NextOffset)
                        return true;
                }

                await status.Advanced.WaitAsync(seen, looks.Rest, bounded);
            }
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            waiting?.Dispose();
        }
    }

    /// <summary>A log that was restored from a backup may be shorter than what a caller has seen of it: that place never comes, or with another event.</summary>
    private async Task<Error?> MissingAsync(LogOffset place, CancellationToken cancellation)
    {
        if (!local.TryGetValue(place.Log, out var log))
            return null;
        var heads = await log.HeadsAsync(cancellation);
        var head = heads.GetValueOrDefault(PartitionOf(place));
        return head >= place.NextOffset ? null : ConsistencyErrors.LogShorter(place, head);
    }

    private async Task<Error> BehindAsync(ProjectionStatus status, LogOffset place, CancellationToken cancellation)
    {
        var partition = PartitionOf(place);
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>(status.Name);
        var applied = status.Partitions.FirstOrDefault(owned => owned.Partition == partition)?.NextOffset
            ?? (registry.Instance is null ? await AppliedElsewhereAsync(status, registry, partition, cancellation) : null);
        return ConsistencyErrors.Behind(status.Name, place, place.NextOffset - applied);
    }

    private static async Task<long?> AppliedElsewhereAsync(ProjectionStatus status, IGenerationRegistry registry, LogPartition partition, CancellationToken cancellation)
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

    private static CancellationTokenSource Bounded(TimeSpan atMost, CancellationToken cancellation)
    {
        var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(atMost);
        return bounded;
    }

    private static LogPartition PartitionOf(LogOffset place) => new(place.Log, place.Partition);
}
