using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Knows which partitions of topics do not begin with offset 0 of their log any more, because records were deleted. One instance a host: what one reader finds out, all know.
/// </summary>
internal sealed class TopicBeginnings(KafkaAdmin admin, KafkaTopics topics, LocalLogs localLogs)
{
    private static readonly IReadOnlyDictionary<int, DeletedRecords> Nothing = new Dictionary<int, DeletedRecords>();

    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<int, DeletedRecords>> found = new();

    /// <summary>The log offset of the first record of a partition of one topic id that begins at a position; records never change.</summary>
    private readonly ConcurrentDictionary<(string TopicId, int Partition, long Position), long> firstOffsets = new();

    /// <summary>What the last look at a topic found, by partition; the same instance until something has changed.</summary>
    public IReadOnlyDictionary<int, DeletedRecords> Of(string topic) => found.GetValueOrDefault(topic, Nothing);

    /// <summary>Says from how many partitions of a topic records were deleted, and the reason of the first of them; null where the topic is whole.</summary>
    public string? FaultOf(TopicDescription topic) => Of(topic.Name) is { Count: > 0 } deleted
        ? $"Records were deleted from {deleted.Count} of {topic.Partitions.Count} partitions of the topic {topic.Name}. {deleted.MinBy(entry => entry.Key).Value.Reason[SubjectOf(topic.Name).Length..]}"
        : null;

    /// <summary>Looks at a topic now. One that does not exist lacks nothing: it is filled from offset 0 when it is made.</summary>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public async Task<IReadOnlyDictionary<int, DeletedRecords>> LookAsync(string topic, CancellationToken cancellation)
    {
        if (await admin.DescribeAsync(topic).WaitAsync(cancellation) is { } description)
            await LookAsync([description], cancellation);
        else
            Forget(topic);
        return Of(topic);
    }

    /// <summary>Looks at some topics now; of partitions without a leader, what was found before in the same topic still holds.</summary>
    /// <exception cref="KafkaException">The cluster does not answer.</exception>
    public async Task LookAsync(IReadOnlyCollection<TopicDescription> descriptions, CancellationToken cancellation)
    {
        var beginnings = await admin.BeginningsAsync(
            [.. descriptions.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition)))]).WaitAsync(cancellation);
        foreach (var topic in descriptions)
        {
            var ofTopic = beginnings.Where(beginning => beginning.Topic == topic.Name).ToLookup(beginning => beginning.Error.IsError);
            var late = ofTopic[false].Where(beginning => beginning.Offset > 0).ToDictionary(beginning => beginning.Partition.Value, beginning => beginning.Offset.Value);
            var deleted = late.Count == 0 ? [] : await DeletedAsync(topic, late, cancellation);
            foreach (var partition in ofTopic[true].Select(beginning => beginning.Partition.Value))
            {
                if (Of(topic.Name).GetValueOrDefault(partition) is { } earlier && earlier.Source.EndsWith($"/{topic.TopicId}", StringComparison.Ordinal))
                    deleted[partition] = earlier;
            }

            if (!IsSame(Of(topic.Name), deleted))
                found[topic.Name] = deleted;
        }
    }

    /// <summary>Forgets what was found in a topic that does not exist any more.</summary>
    public void Forget(string topic) => found.TryRemove(topic, out _);

    // A partition that was emptied is filled from offset 0 by the next relay: its first record then says that nothing is missing.
    private async Task<Dictionary<int, DeletedRecords>> DeletedAsync(TopicDescription topic, Dictionary<int, long> positions, CancellationToken cancellation)
    {
        var source = await admin.SourceOfAsync(topic).WaitAsync(cancellation);
        var id = topic.TopicId.ToString();
        var unknown = positions.Where(at => !firstOffsets.ContainsKey((id, at.Key, at.Value))).ToDictionary();
        var read = unknown.Count == 0 ? [] : await topics.AtAsync(topic.Name, unknown, cancellation);
        var deleted = new Dictionary<int, DeletedRecords>();
        var ends = default(IReadOnlyDictionary<LogPartition, long>);
        foreach (var (partition, position) in positions)
        {
            var key = (id, partition, position);
            if (read.GetValueOrDefault(partition)?.Sequence is { } sequence)
                firstOffsets[key] = sequence;
            var of = new LogPartition(topic.Name, partition);
            if (!firstOffsets.TryGetValue(key, out var first))
            {
                ends ??= await LogEndsAsync(topic.Name, cancellation);
                // In a topic that was filled from offset 0 no record stands before the position of its own offset.
                deleted[partition] = new DeletedRecords(Math.Min(position, ends.GetValueOrDefault(of, position)), position, source, ReasonOf(of, null));
            }
            else if (first > 0)
            {
                deleted[partition] = new DeletedRecords(first, position, source, ReasonOf(of, first));
            }
        }

        return deleted;
    }

    /// <summary>Where a log ends whose module runs here; nothing where that is not known.</summary>
    private async Task<IReadOnlyDictionary<LogPartition, long>> LogEndsAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return localLogs.Find(name) is { } log ? await log.HeadsAsync(cancellation) : new Dictionary<LogPartition, long>();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The database is away: its own check says so, and the position is no lower than the offset.
            return new Dictionary<LogPartition, long>();
        }
    }

    private static string ReasonOf(LogPartition partition, long? first) => SubjectOf(partition.Log)
        + $"{partition} {(first is null ? "has no records left" : $"begins with offset {first} instead of 0")}. What needs the deleted events waits. Delete the topic: the relay fills it again from the log.";

    private static string SubjectOf(string topic) => $"Records were deleted from the topic {topic}: ";

    private static bool IsSame(IReadOnlyDictionary<int, DeletedRecords> one, IReadOnlyDictionary<int, DeletedRecords> other) =>
        one.Count == other.Count && one.All(entry => other.GetValueOrDefault(entry.Key) == entry.Value);
}
