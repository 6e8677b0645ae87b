using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Finds where a time is in a topic. A record is written after its event happened, so that nothing that happened since is before the first record written since.</summary>
internal sealed class KafkaOffsetSearch(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, TopicBeginnings beginnings)
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyDictionary<LogPartition, long>> SinceAsync(string log, DateTimeOffset since, CancellationToken cancellation)
    {
        var description = await admin.DescribeAsync(log).WaitAsync(cancellation) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPart);
        int[] partitions = [.. Enumerable.Range(0, description.Partitions.Count)];
        // The ends first: what is written meanwhile is behind them.
        var furthest = await localLogs.Topics.FurthestAsync(description, cancellation);
        var places = partitions.ToDictionary(partition => new LogPartition(log, partition), partition => furthest.GetValueOrDefault(partition)?.Sequence + 1 ?? 0);
        // Positions of an emptied partition may be beyond its log.
        foreach (var (partition, end) in localLogs.Find(log) is { } here ? await here.HeadsAsync(cancellation) : new Dictionary<LogPartition, long>())
        {
            if (places.TryGetValue(partition, out var place))
                places[partition] = Math.Min(place, end);
        }

        // What was deleted does not come: those events are before the time too, or lost.
        foreach (var (partition, deleted) in await beginnings.LookAsync(log, cancellation))
            places[new LogPartition(log, partition)] = Math.Max(places[new LogPartition(log, partition)], deleted.FirstOffset);

        await Task.Run(() => Look(places, new Timestamp(since > DateTimeOffset.UnixEpoch ? since : DateTimeOffset.UnixEpoch), cancellation), cancellation);
        return places;
    }

    /// <summary>Moves the places to the first records of the time, where there are some.</summary>
    private void Look(Dictionary<LogPartition, long> places, Timestamp since, CancellationToken cancellation)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings.Looker()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var found = consumer.OffsetsForTimes(places.Keys.Select(partition => new TopicPartitionTimestamp(partition.Log, partition.Partition, since)), WaitTimeout)
            .Where(place => place.Offset != Offset.End).ToArray();
        FirstRecords.Read(
            consumer,
            found,
            result =>
            {
                // A stranger's record says nothing: the next one does.
                if (RecordFormat.PlaceOf(result).Sequence is not { } sequence)
                    return false;
                var partition = new LogPartition(result.Topic, result.Partition);
                places[partition] = Math.Min(places[partition], sequence);
                return true;
            },
            WaitTimeout,
            "The places of a time could not be read.",
            cancellation);
    }
}
