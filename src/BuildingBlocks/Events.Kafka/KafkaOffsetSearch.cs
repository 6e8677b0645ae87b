using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Finds the log offsets of a time in a topic. A record is written after its event happened, so that no event that happened since the time
/// is before the first record that was written since.
/// </summary>
internal sealed class KafkaOffsetSearch(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, TopicBeginnings beginnings)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyDictionary<LogPartition, long>> SinceAsync(string log, DateTimeOffset since, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(log).WaitAsync(cancellation) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPart);
        int[] partitions = [.. Enumerable.Range(0, description.Partitions.Count)];
        // The heads are read first: records that are written meanwhile come after them.
        var furthest = await localLogs.Topics.FurthestAsync(description, cancellation);
        var offsets = partitions.ToDictionary(
            partition => new LogPartition(log, partition), partition => furthest.GetValueOrDefault(partition)?.Sequence + 1 ?? 0);
        await LimitToHeadsAsync(log, offsets, cancellation);

        // Deleted events happened before the time, or are lost.
        foreach (var (number, deleted) in await beginnings.CheckAsync(log, cancellation))
        {
            var partition = new LogPartition(log, number);
            offsets[partition] = Math.Max(offsets[partition], deleted.FirstOffset);
        }

        var timestamp = new Timestamp(since > DateTimeOffset.UnixEpoch ? since : DateTimeOffset.UnixEpoch);
        await Task.Run(() => MoveToFirstRecords(offsets, timestamp, cancellation), cancellation);
        return offsets;
    }

    // The positions of an emptied partition may be beyond the head of its log.
    private async Task LimitToHeadsAsync(string log, Dictionary<LogPartition, long> offsets, CancellationToken cancellation)
    {
        if (localLogs.Find(log) is not { } local)
            return;
        foreach (var (partition, head) in await local.HeadsAsync(cancellation))
        {
            if (offsets.TryGetValue(partition, out var offset))
                offsets[partition] = Math.Min(offset, head);
        }
    }

    private void MoveToFirstRecords(Dictionary<LogPartition, long> offsets, Timestamp since, CancellationToken cancellation)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings.Inspector())
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { })
            .Build();
        var times = offsets.Keys.Select(partition => new TopicPartitionTimestamp(partition.Log, partition.Partition, since));
        var starts = consumer.OffsetsForTimes(times, RequestTimeout).Where(start => start.Offset != Offset.End).ToArray();
        FirstRecords.Read(
            consumer,
            starts,
            result =>
            {
                // A record that is not an event is skipped.
                if (RecordFormat.IdentityOf(result).Sequence is not { } sequence)
                    return false;
                var partition = new LogPartition(result.Topic, result.Partition);
                offsets[partition] = Math.Min(offsets[partition], sequence);
                return true;
            },
            RequestTimeout,
            "The offsets of a time could not be read.",
            cancellation);
    }
}
