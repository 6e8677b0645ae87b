using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>
/// Tells whether a topic is a copy of a log: the last record of each partition must be the log's event at that offset. It is not where the log was restored from a backup; then neither may the relay
/// go on, nor a reader that shares the database.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="target">Where its topic is.</param>
public sealed class TopicCheck(IEventLog log, IRelayTarget target)
{
    /// <summary>Looks at the ends of some partitions of the topic and compares their last records with the log.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One verdict a partition.</returns>
    public async Task<IReadOnlyDictionary<int, TopicVerdict>> JudgeAsync(IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        // The topic first: what it holds by then was in the log before.
        var ends = await target.EndsAsync(log.Name, partitions, cancellation);
        var verdicts = new Dictionary<int, TopicVerdict>();
        foreach (var partition in partitions)
        {
            var end = ends.GetValueOrDefault(partition);
            verdicts[partition] = new TopicVerdict(end, end is null ? null : await RefusalAsync(new LogPartition(log.Name, partition), end.Last, cancellation));
        }

        return verdicts;
    }

    /// <summary>Says of some partitions of the topic why they do not continue the log, without a look at their beginnings.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>One entry a partition that does not.</returns>
    public async Task<IReadOnlyDictionary<int, string>> RefusalsAsync(IReadOnlyCollection<int> partitions, CancellationToken cancellation)
    {
        var refusals = new Dictionary<int, string>();
        foreach (var (partition, last) in await target.LastAsync(log.Name, partitions, cancellation))
        {
            if (await RefusalAsync(new LogPartition(log.Name, partition), last, cancellation) is { } reason)
                refusals.Add(partition, reason);
        }

        return refusals;
    }

    private async Task<string?> RefusalAsync(LogPartition partition, TopicRecord last, CancellationToken cancellation)
    {
        if (last.Sequence is not { } sequence || last.EventId is not { } eventId)
            return $"The last record of the topic {partition} was not written by a relay of ours: remove it, or delete the topic, which is then filled from the log.";

        var inLog = await log.EventIdAsync(new PartitionOffset(partition.Partition, sequence), cancellation);
        if (inLog == eventId)
            return null;
        return inLog is null
            ? $"The topic {partition} ends with offset {sequence}, but the log is shorter: the log was restored from a backup. Nothing is relayed or applied."
            : $"The topic {partition} has another event at offset {sequence} than the log: the log was restored from a backup. Nothing is relayed or applied.";
    }
}
