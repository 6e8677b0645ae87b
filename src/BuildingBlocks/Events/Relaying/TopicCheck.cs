using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>
/// Checks that a topic is a copy of a log: the last record of each partition must be the log's event at that offset. It is not after the
/// log was restored from a backup. The relay and the readers in the process of the log must then stop.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="target">The broker of its topic.</param>
public sealed class TopicCheck(IEventLog log, IRelayTarget target)
{
    private const string Restored = "the log was restored from a backup. Nothing is relayed or applied.";

    /// <summary>Reads the first and last records of topic partitions and compares the last records with the log.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>One result for each partition.</returns>
    public async Task<IReadOnlyDictionary<int, TopicCheckResult>> CheckAsync(
        IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        // The topic is read first: its records were in the log before.
        var ranges = await target.RangesAsync(log.Name, partitions, cancellation);
        var results = new Dictionary<int, TopicCheckResult>();
        foreach (var partition in partitions)
        {
            var range = ranges.GetValueOrDefault(partition);
            var refusal = range is null ? null : await RefusalAsync(new LogPartition(log.Name, partition), range.Last, cancellation);
            results[partition] = new TopicCheckResult(range, refusal);
        }

        return results;
    }

    /// <summary>Compares only the last records of topic partitions with the log.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The reason, for each partition that does not continue the log.</returns>
    public async Task<IReadOnlyDictionary<int, string>> RefusalsAsync(IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        var refusals = new Dictionary<int, string>();
        foreach (var (partition, last) in await target.LastRecordsAsync(log.Name, partitions, cancellation))
        {
            if (await RefusalAsync(new LogPartition(log.Name, partition), last, cancellation) is { } reason)
                refusals.Add(partition, reason);
        }

        return refusals;
    }

    private async Task<string?> RefusalAsync(LogPartition partition, TopicRecord last, CancellationToken cancellation)
    {
        if (last.Sequence is not { } sequence || last.EventId is not { } eventId)
        {
            return $"The last record of the topic {partition} was not written by the relay: "
                + "remove it, or delete the topic, which is then filled from the log.";
        }

        var inLog = await log.EventIdAsync(new PartitionOffset(partition.Partition, sequence), cancellation);
        if (inLog == eventId)
            return null;
        return inLog is null
            ? $"The topic {partition} ends with offset {sequence}, but the log is shorter: {Restored}"
            : $"The topic {partition} has another event at offset {sequence} than the log: {Restored}";
    }
}

/// <summary>The result of comparing a topic partition with its log.</summary>
/// <param name="Range">The first and the last record of the topic partition; null if it is empty.</param>
/// <param name="Refusal">Why the topic partition does not continue the log; null if it does.</param>
public sealed record TopicCheckResult(TopicRange? Range, string? Refusal);
