using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Commits applied positions to the consumer group, for tools that show its lag. They are not read back: the checkpoints are in the store.
/// </summary>
internal sealed partial class LagReport(string group, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FinishTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<LogPartition, long> applied = new();
    private readonly ConcurrentDictionary<LogPartition, long> committed = new();
    private long reportedAt = Stopwatch.GetTimestamp();
    private Task reporting = Task.CompletedTask;

    /// <summary>Notes the position of the last record that was applied. Thread-safe.</summary>
    public void Note(LogPartition partition, long position) => applied[partition] = position;

    public void Forget(IEnumerable<LogPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            applied.TryRemove(partition, out _);
            committed.TryRemove(partition, out _);
        }
    }

    /// <summary>Commits new positions at intervals, on another thread: a commit waits for the broker.</summary>
    public void Report(IConsumer<Ignore, byte[]> consumer)
    {
        if (!reporting.IsCompleted || Stopwatch.GetElapsedTime(reportedAt) < Interval)
            return;
        reportedAt = Stopwatch.GetTimestamp();
        var due = applied.Where(entry => committed.GetValueOrDefault(entry.Key, -1) != entry.Value).ToArray();
        if (due.Length > 0)
            reporting = Task.Run(() => Commit(consumer, due));
    }

    /// <summary>Waits for a commit in progress, so that the consumer can be closed.</summary>
    public void Finish() => reporting.Wait(FinishTimeout);

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
