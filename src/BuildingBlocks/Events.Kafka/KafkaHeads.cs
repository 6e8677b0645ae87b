using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Where a log ends. The log itself says so where its module runs in this process: a topic may still be filling, and what it does not hold yet is no news. Elsewhere there is only the end of the topic
/// to go by.
/// </summary>
internal sealed class KafkaHeads(KafkaAdmin admin, LocalLogs localLogs)
{
    public async Task<IReadOnlyList<LogHead>> OfAsync(string log, CancellationToken cancellation)
    {
        if (localLogs.Find(log) is not { } here)
            return await OfTopicAsync(log, cancellation);

        // The topic first: its last record is then at or before the end of the log.
        var topic = await TopicOrNothingAsync(log, cancellation);
        return await OfLogAsync(here, topic, cancellation);
    }

    private static async Task<IReadOnlyList<LogHead>> OfLogAsync(IEventLog log, IReadOnlyList<LogHead> topic, CancellationToken cancellation)
    {
        var ends = await log.PartitionHeadsAsync(cancellation);
        return [.. ends.Select(end => HeadOf(end, log.Name, topic.FirstOrDefault(head => head.Partition.Partition == end.Partition)))];
    }

    // A position is only worth something where the topic ends with the very same event.
    private static LogHead HeadOf(PartitionHead end, string log, LogHead? inTopic) => inTopic?.LastEventId is { } last && last == end.LastEventId
        ? inTopic
        : new LogHead(new LogPartition(log, end.Partition), end.NextOffset, end.LastEventId, 0, null);

    private async Task<IReadOnlyList<LogHead>> TopicOrNothingAsync(string log, CancellationToken cancellation)
    {
        try
        {
            return await admin.DescribeAsync(log).WaitAsync(cancellation) is null ? [] : await OfTopicAsync(log, cancellation);
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException)
        {
            // It only saves reading the topic from its beginning.
            return [];
        }
    }

    private async Task<IReadOnlyList<LogHead>> OfTopicAsync(string log, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(log).WaitAsync(cancellation)
            ?? throw new InvalidOperationException($"The topic {log} does not exist yet. The process that runs its module creates it.");
        var source = await admin.SourceOfAsync(log).WaitAsync(cancellation);
        int[] partitions = [.. Enumerable.Range(0, description.Partitions.Count)];
        var furthest = await localLogs.Topics.FurthestAsync(description, cancellation);
        return [.. partitions.Select(partition => HeadOf(new LogPartition(log, partition), furthest.GetValueOrDefault(partition), source))];
    }

    private static LogHead HeadOf(LogPartition partition, TopicRecord? furthest, string source) => furthest switch
    {
        null => new LogHead(partition, 0, null, 0, null),
        // The event is not there any more, but its place is where reading goes on.
        { Sequence: { } sequence, EventId: null } => new LogHead(partition, sequence + 1, null, furthest.Position, source),
        { Sequence: { } sequence, EventId: { } id } => new LogHead(partition, sequence + 1, id, furthest.Position, source),
        _ => throw new InvalidOperationException($"The last record of the topic {partition} was not written by a relay of ours, so that nobody can tell where the log ends."),
    };
}
