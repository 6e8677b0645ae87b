using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Finds partitions of topics that do not begin with offset 0 of their log, because records were deleted. There is one instance per host,
/// so that all readers share the findings.
/// </summary>
internal sealed class TopicBeginnings(KafkaAdmin admin, KafkaTopics topics, LocalLogs localLogs)
{
    private static readonly IReadOnlyDictionary<int, DeletedRecords> None = new Dictionary<int, DeletedRecords>();

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<int, DeletedRecords>> found = new();

    /// <summary>The log offset of the record at a position that was the first of its partition. Records never change.</summary>
    private readonly ConcurrentDictionary<(string TopicId, int Partition, long Position), long> firstOffsets = new();

    /// <summary>The findings of the last check of a topic, by partition; the same instance until something has changed.</summary>
    public IReadOnlyDictionary<int, DeletedRecords> Of(string topic) => found.GetValueOrDefault(topic, None);

    /// <summary>Describes the deleted records of a topic, with the reason of the first partition; null if there are none.</summary>
    public string? FaultOf(TopicDescription topic)
    {
        if (Of(topic.Name) is not { Count: > 0 } deleted)
            return null;
        var reason = deleted.MinBy(entry => entry.Key).Value.Reason[SubjectOf(topic.Name).Length..];
        return $"Records were deleted from {deleted.Count} of {topic.Partitions.Count} partitions of the topic {topic.Name}. {reason}";
    }

    /// <summary>
    /// Checks a topic now. A topic that does not exist has no deleted records: it is filled from offset 0 when it is created.
    /// </summary>
    /// <exception cref="KafkaException">The cluster does not respond.</exception>
    public async Task<IReadOnlyDictionary<int, DeletedRecords>> CheckAsync(string topic, CancellationToken cancellation)
    {
        if (await admin.DescribeAsync(topic).WaitAsync(cancellation) is { } description)
            await CheckAsync([description], cancellation);
        else
            Forget(topic);
        return Of(topic);
    }

    /// <summary>Checks topics now. For partitions without a leader, earlier findings about the same topic still hold.</summary>
    /// <exception cref="KafkaException">The cluster does not respond.</exception>
    public async Task CheckAsync(IReadOnlyCollection<TopicDescription> descriptions, CancellationToken cancellation)
    {
        TopicPartition[] partitions =
        [
            .. from topic in descriptions
            from partition in topic.Partitions
            select new TopicPartition(topic.Name, partition.Partition),
        ];
        var beginnings = await admin.BeginningsAsync(partitions).WaitAsync(cancellation);
        foreach (var topic in descriptions)
        {
            var ofTopic = beginnings.Where(beginning => beginning.Topic == topic.Name).ToLookup(beginning => beginning.Error.IsError);
            var late = ofTopic[false].Where(beginning => beginning.Offset > 0)
                .ToDictionary(beginning => beginning.Partition.Value, beginning => beginning.Offset.Value);
            var deleted = late.Count == 0 ? [] : await DeletedRecordsAsync(topic, late, cancellation);
            foreach (var partition in ofTopic[true].Select(beginning => beginning.Partition.Value))
            {
                var earlier = Of(topic.Name).GetValueOrDefault(partition);
                if (earlier is not null && earlier.Source.EndsWith($"/{topic.TopicId}", StringComparison.Ordinal))
                    deleted[partition] = earlier;
            }

            if (!IsSame(Of(topic.Name), deleted))
                found[topic.Name] = deleted;
        }
    }

    /// <summary>Removes the findings about a topic that does not exist any more.</summary>
    public void Forget(string topic) => found.TryRemove(topic, out _);

    // The next relay fills an emptied partition from offset 0. Its first record then shows that no events are missing.
    private async Task<Dictionary<int, DeletedRecords>> DeletedRecordsAsync(
        TopicDescription topic, Dictionary<int, long> positions, CancellationToken cancellation)
    {
        var source = await admin.SourceOfAsync(topic).WaitAsync(cancellation);
        var id = topic.TopicId.ToString();
        var unknown = positions.Where(at => !firstOffsets.ContainsKey((id, at.Key, at.Value))).ToDictionary();
        var read = unknown.Count == 0 ? [] : await topics.RecordsAtAsync(topic.Name, unknown, cancellation);
        var deleted = new Dictionary<int, DeletedRecords>();
        var heads = default(IReadOnlyDictionary<LogPartition, long>);
        foreach (var (partition, position) in positions)
        {
            var key = (id, partition, position);
            if (read.GetValueOrDefault(partition)?.Sequence is { } sequence)
                firstOffsets[key] = sequence;
            var of = new LogPartition(topic.Name, partition);
            if (!firstOffsets.TryGetValue(key, out var first))
            {
                heads ??= await TryReadHeadsAsync(topic.Name, cancellation);
                // A topic is filled from offset 0, so that the position of a record is never lower than its log offset.
                var firstOffset = Math.Min(position, heads.GetValueOrDefault(of, position));
                deleted[partition] = new DeletedRecords(firstOffset, position, source, ReasonOf(of, null));
            }
            else if (first > 0)
            {
                deleted[partition] = new DeletedRecords(first, position, source, ReasonOf(of, first));
            }
        }

        return deleted;
    }

    // Empty if the log belongs to another process, or if the database does not respond: the position is an upper bound of the offset then.
    private async Task<IReadOnlyDictionary<LogPartition, long>> TryReadHeadsAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return localLogs.Find(name) is { } log ? await log.HeadsAsync(cancellation) : new Dictionary<LogPartition, long>();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new Dictionary<LogPartition, long>();
        }
    }

    private static string ReasonOf(LogPartition partition, long? first)
    {
        var state = first is null ? "has no records left" : $"begins with offset {first} instead of 0";
        return $"{SubjectOf(partition.Log)}{partition} {state}. What needs the deleted events waits. "
            + "Delete the topic: the relay fills it again from the log.";
    }

    private static string SubjectOf(string topic) => $"Records were deleted from the topic {topic}: ";

    private static bool IsSame(IReadOnlyDictionary<int, DeletedRecords> one, IReadOnlyDictionary<int, DeletedRecords> other) =>
        one.Count == other.Count && one.All(entry => other.GetValueOrDefault(entry.Key) == entry.Value);
}
