using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Cqrs.Consistency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.EventLog;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Waits for read models. Where this process applies the partition, its runner wakes the waiters with the page that brings the events; where another process does, which only stores that are shared allow,
/// the store's own checkpoints are asked.
/// </summary>
internal sealed class ReadModelGate(IServiceProvider services, IEnumerable<PostgresLog> logs) : IReadModelGate
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, PostgresLog> local = logs.ToDictionary(log => log.Name);

    public async Task<Error?> WaitAsync(IReadOnlyList<string> readModels, IReadOnlyList<EventPlace> places, TimeSpan atMost, CancellationToken cancellation)
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

    private async Task<bool> SeenAsync(ProjectionStatus status, EventPlace place, CancellationToken bounded)
    {
        var registry = services.GetRequiredKeyedService<IGenerationRegistry>(status.Name);
        var partition = PartitionOf(place);
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                var seen = status.Advanced.Version;
                if (status.HasApplied(partition, place.NextOffset))
                    return true;
                if (!status.Applies(partition) && registry.Instance is null && await AppliedElsewhereAsync(status, registry, partition, bounded) >= place.NextOffset)
                    return true;
                await status.Advanced.WaitAsync(seen, pause, bounded);
            }
        }
        catch (OperationCanceledException) when (bounded.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>A log that was restored from a backup may be shorter than what a caller has seen of it: that place never comes, or with another event.</summary>
    private async Task<Error?> MissingAsync(EventPlace place, CancellationToken cancellation)
    {
        if (!local.TryGetValue(place.Log, out var log))
            return null;
        var heads = await log.HeadsAsync(cancellation);
        var head = heads.GetValueOrDefault(PartitionOf(place));
        return head >= place.NextOffset ? null : ConsistencyErrors.LogShorter(place, head);
    }

    private async Task<Error> BehindAsync(ProjectionStatus status, EventPlace place, CancellationToken cancellation)
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

    private static LogPartition PartitionOf(EventPlace place) => new(place.Log, place.Partition);
}
