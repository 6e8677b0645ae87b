using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Reads the heads of logs. If the module of a log runs in this process, its log is read: the topic may still be filling. For the log of
/// another process, only the topic is known.
/// </summary>
internal sealed class KafkaHeads(KafkaAdmin admin, LocalLogs localLogs)
{
    public async Task<IReadOnlyList<LogHead>> ReadAsync(string name, CancellationToken cancellation)
    {
        if (localLogs.Find(name) is not { } log)
            return await ReadTopicAsync(name, cancellation);

        // The topic is read first, so that its last record is at or before the head of the log.
        var inTopic = await TryReadTopicAsync(name, cancellation);
        var heads = await log.PartitionHeadsAsync(cancellation);
        return [.. heads.Select(head => HeadOf(name, head, inTopic.FirstOrDefault(topic => topic.Partition.Partition == head.Partition)))];
    }

    // The position is valid only if the topic ends with the same event.
    private static LogHead HeadOf(string log, PartitionHead head, LogHead? inTopic) =>
        inTopic?.LastEventId is { } last && last == head.LastEventId
            ? inTopic
            : new LogHead(new LogPartition(log, head.Partition), head.NextOffset, head.LastEventId, 0, null);

    // Without the positions of the topic, it is read from its beginning.
    private async Task<IReadOnlyList<LogHead>> TryReadTopicAsync(string log, CancellationToken cancellation)
    {
        try
        {
            return await admin.DescribeAsync(log).WaitAsync(cancellation) is null ? [] : await ReadTopicAsync(log, cancellation);
        }
        catch (Exception exception) when (exception is KafkaException or InvalidOperationException)
        {
            return [];
        }
    }

    private async Task<IReadOnlyList<LogHead>> ReadTopicAsync(string log, CancellationToken cancellation)
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
        // Without an event id, the record was deleted. Reading continues at its offset.
        { Sequence: { } sequence } => new LogHead(partition, sequence + 1, furthest.EventId, furthest.Position, source),
        _ => throw new InvalidOperationException(
            $"The last record of the topic {partition} was not written by the relay, so that the head of the log is not known."),
    };
}
