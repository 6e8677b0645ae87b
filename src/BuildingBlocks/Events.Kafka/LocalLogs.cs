using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Relaying;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The logs whose modules run in this process. Their readers are stopped if a topic does not continue its log. For the log of another
/// process, only the topic is known.
/// </summary>
internal sealed class LocalLogs(IEnumerable<IEventLog> logs, KafkaTopics topics, KafkaAdmin admin)
{
    private readonly Dictionary<string, IEventLog> logs = logs.ToDictionary(log => log.Name);
    private readonly Dictionary<string, TopicCheck> checks = logs.ToDictionary(log => log.Name, log => new TopicCheck(log, topics));

    /// <summary>The topics of the logs.</summary>
    public KafkaTopics Topics { get; } = topics;

    /// <summary>Reads the heads of a log. For the log of another process, they are those of its topic.</summary>
    public async Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(string name, CancellationToken cancellation)
    {
        if (logs.TryGetValue(name, out var log))
            return await log.HeadsAsync(cancellation);
        var description = await admin.DescribeAsync(name).WaitAsync(cancellation) ?? throw new KafkaException(ErrorCode.UnknownTopicOrPart);
        int[] partitions = [.. Enumerable.Range(0, description.Partitions.Count)];
        var furthest = await Topics.FurthestAsync(description, cancellation);
        return partitions.ToDictionary(
            partition => new LogPartition(name, partition), partition => furthest.GetValueOrDefault(partition)?.Sequence + 1 ?? 0);
    }

    /// <summary>Returns a log, if its module runs in this process.</summary>
    public IEventLog? Find(string name) => logs.GetValueOrDefault(name);

    /// <summary>Finds the partitions that must not be applied, with the reasons.</summary>
    public async Task<IReadOnlyDictionary<LogPartition, string>> RefusalsAsync(
        IReadOnlyCollection<LogPartition> partitions, CancellationToken cancellation)
    {
        var refusals = new Dictionary<LogPartition, string>();
        foreach (var log in partitions.GroupBy(partition => partition.Log))
        {
            if (!checks.TryGetValue(log.Key, out var check))
                continue;
            foreach (var (partition, reason) in await check.RefusalsAsync([.. log.Select(partition => partition.Partition)], cancellation))
                refusals.Add(new LogPartition(log.Key, partition), reason);
        }

        return refusals;
    }
}
