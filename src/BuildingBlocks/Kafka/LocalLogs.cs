using Monolith.BuildingBlocks.EventLog;
using Monolith.BuildingBlocks.EventLog.Relaying;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>
/// The logs whose modules run in this process: their readers are stopped where a topic does not continue its log. A reader of another process's log has only the topic to go by.
/// </summary>
internal sealed class LocalLogs(IEnumerable<PostgresLog> logs, IRelayTarget target)
{
    private readonly Dictionary<string, TopicCheck> checks = logs.ToDictionary(log => log.Name, log => new TopicCheck(log, target));

    /// <summary>The partitions among these that must not be applied, and why.</summary>
    public async Task<IReadOnlyDictionary<LogPartition, string>> RefusalsAsync(IReadOnlyCollection<LogPartition> partitions, CancellationToken cancellation)
    {
        var refusals = new Dictionary<LogPartition, string>();
        foreach (var log in partitions.GroupBy(partition => partition.Log))
        {
            if (!checks.TryGetValue(log.Key, out var check))
                continue;
            foreach (var (partition, verdict) in await check.JudgeAsync([.. log.Select(partition => partition.Partition)], cancellation))
            {
                if (verdict.Refusal is { } reason)
                    refusals.Add(new LogPartition(log.Key, partition), reason);
            }
        }

        return refusals;
    }
}
