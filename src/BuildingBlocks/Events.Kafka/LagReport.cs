using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>Commits to the group how far its partitions are applied, for the tools that show lag. Nothing reads it back: the checkpoints are in the store.</summary>
internal sealed partial class LagReport(string group, ILogger logger)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FinishAtMost = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LogPartition, long> applied = new();
    private readonly ConcurrentDictionary<LogPartition, long> committed = new();
    private long reportedAt = Stopwatch.GetTimestamp();
    private Task reporting = Task.CompletedTask;

    /// <summary>Notes the position of the last record applied; from any thread.</summary>
    public void Note(LogPartition partition, long position) => applied[partition] = position;

    public void Forget(IEnumerable<LogPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            applied.TryRemove(partition, out _);
            committed.TryRemove(partition, out _);
        }
    }

    /// <summary>Reports what is new, now and then, beside the reader's thread: a commit waits for the broker, however long that takes.</summary>
    public void Report(IConsumer<Ignore, byte[]> consumer)
    {
        if (!reporting.IsCompleted || Stopwatch.GetElapsedTime(reportedAt) < Every)
            return;
        reportedAt = Stopwatch.GetTimestamp();
        var due = applied.Where(entry => committed.GetValueOrDefault(entry.Key, -1) != entry.Value).ToArray();
        if (due.Length > 0)
            reporting = Task.Run(() => Commit(consumer, due));
    }

    /// <summary>Waits for a report under way, so that the consumer can be closed.</summary>
    public void Finish() => reporting.Wait(FinishAtMost);

    private void Commit(IConsumer<Ignore, byte[]> consumer, KeyValuePair<LogPartition, long>[] due)
    {
        try
        {
            consumer.Commit(due.Select(entry => new TopicPartitionOffset(entry.Key.Log, entry.Key.Partition, entry.Value + 1)));
            foreach (var (partition, position) in due)
                committed[partition] = position;
        }
        catch (Exception exception) when (exception is KafkaException or ObjectDisposedException)
        {
            NotReported(group, exception.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The lag of {Group} could not be reported: {Text}")]
    private partial void NotReported(string group, string text);
}
