using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Kafka;

/// <summary>
/// The thread of a reader: one blocking consume, then drain, then hand over. Everything happens on this thread, the client's callbacks too, so that what it tells is in order.
/// </summary>
internal sealed partial class ConsumerPump(
    KafkaSettings settings,
    KafkaAdmin admin,
    LocalLogs localLogs,
    Subscription subscription,
    ChannelWriter<ReaderEvent> events,
    ConcurrentQueue<LogPartition> retakes,
    ConcurrentDictionary<LogPartition, long> applied,
    ILogger logger,
    CancellationToken stopping)
{
    private const int MostOfChunk = 1_000;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan CommitEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckTopicsEvery = TimeSpan.FromSeconds(5);

    /// <summary>The group takes a member that does not poll for dead, so that a slow store must not keep it from polling.</summary>
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(10);

    private readonly Queue<ReaderEvent> outbox = new();
    private readonly Dictionary<string, string> sources = [];
    private readonly HashSet<LogPartition> owned = [];
    private readonly HashSet<LogPartition> refused = [];
    private readonly Dictionary<LogPartition, long> committed = [];
    private List<LogRecord> chunk = [];
    private IConsumer<byte[], byte[]> consumer = null!;
    private long committedAt = Stopwatch.GetTimestamp();
    private long checkedAt = Stopwatch.GetTimestamp();
    private bool troubled;

    /// <summary>Reads until stopped.</summary>
    public void Run()
    {
        using var built = new ConsumerBuilder<byte[], byte[]>(settings.Reader(subscription.Group))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnRevoked(partitions))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => ClientSays(subscription.Group, message.Message))
            .Build();
        consumer = built;
        consumer.Subscribe(subscription.Logs);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                ReadChunk();
                HandOver();
                TakeAgain();
                Commit();
                CheckTopics();
            }
        }
        finally
        {
            consumer.Close();
        }
    }

    private void ReadChunk()
    {
        try
        {
            for (var result = consumer.Consume(Wait); result is not null; result = consumer.Consume(TimeSpan.Zero))
            {
                Take(result);
                if (result.IsPartitionEOF || chunk.Count >= MostOfChunk)
                    return;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            Tell($"Kafka: {exception.Error.Reason}");
        }
        finally
        {
            CloseChunk();
        }
    }

    private void Take(ConsumeResult<byte[], byte[]> result)
    {
        if (result.IsPartitionEOF)
        {
            CloseChunk();
            outbox.Enqueue(new ReaderEvent.Ended([PartitionOf(result.TopicPartition)]));
            return;
        }

        if (RecordFormat.RecordOf(result, out var reason) is { } record)
        {
            chunk.Add(record);
            return;
        }

        CloseChunk();
        outbox.Enqueue(new ReaderEvent.Foreign(PartitionOf(result.TopicPartition), result.Offset, reason!));
    }

    private void CloseChunk()
    {
        if (chunk.Count == 0)
            return;
        outbox.Enqueue(new ReaderEvent.Read(chunk));
        chunk = [];
    }

    /// <summary>Gives everything to the consumer of the channel; polls on, paused, while that takes long.</summary>
    private void HandOver()
    {
        var since = Stopwatch.GetTimestamp();
        var paused = false;
        while (outbox.TryPeek(out var next))
        {
            if (events.TryWrite(next))
            {
                outbox.Dequeue();
                continue;
            }

            events.WaitToWriteAsync(stopping).AsTask().Wait(Wait, stopping);
            if (!paused && Stopwatch.GetElapsedTime(since) < PauseAfter)
                continue;
            consumer.Pause(consumer.Assignment);
            paused = true;
            // Serves the group; what was not paused yet may still come.
            if (consumer.Consume(Wait) is { } result)
                Take(result);
            CloseChunk();
        }

        if (paused)
            consumer.Resume(consumer.Assignment);
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            owned.Add(PartitionOf(partition));
        return Assign([.. partitions.Select(PartitionOf)]);
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        CloseChunk();
        foreach (var partition in partitions)
        {
            owned.Remove(PartitionOf(partition.TopicPartition));
            applied.TryRemove(PartitionOf(partition.TopicPartition), out _);
        }

        outbox.Enqueue(new ReaderEvent.Revoked([.. partitions.Select(partition => PartitionOf(partition.TopicPartition))]));
    }

    /// <summary>Takes the partitions over in the store and says where to read on: at the record applied last, where its position still means something, else from the start.</summary>
    private List<TopicPartitionOffset> Assign(List<LogPartition> partitions)
    {
        CloseChunk();
        while (true)
        {
            try
            {
                foreach (var log in partitions.Select(partition => partition.Log).Distinct())
                    sources[log] = admin.SourceOfAsync(log).WaitAsync(stopping).GetAwaiter().GetResult();
                var points = subscription.Take(partitions, stopping).GetAwaiter().GetResult();
                var refusals = localLogs.RefusalsAsync(partitions, stopping).GetAwaiter().GetResult();
                Tell(points, refusals);
                return [.. points.Select(point => new TopicPartitionOffset(point.Partition.Log, point.Partition.Partition, StartOf(point)))];
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Tell($"Partitions cannot be taken over: {exception.Message}");
                // The store or the cluster is away. The partitions stay ours until the group says otherwise.
                stopping.WaitHandle.WaitOne(Retry);
                stopping.ThrowIfCancellationRequested();
            }
        }
    }

    private void Tell(IReadOnlyList<StartPoint> points, IReadOnlyDictionary<LogPartition, string> refusals)
    {
        outbox.Enqueue(new ReaderEvent.Assigned(points, new Dictionary<string, string>(sources)));
        refused.ExceptWith(points.Select(point => point.Partition));
        refused.UnionWith(refusals.Keys);
        foreach (var (partition, reason) in refusals)
            outbox.Enqueue(new ReaderEvent.Refused(partition, reason));
    }

    private Offset StartOf(StartPoint point) =>
        point.NextOffset > 0 && point.Source == sources[point.Partition.Log] ? new Offset(point.Position) : Offset.Beginning;

    private void TakeAgain()
    {
        if (retakes.IsEmpty)
            return;
        var requested = new HashSet<LogPartition>();
        while (retakes.TryDequeue(out var partition))
        {
            if (owned.Contains(partition))
                requested.Add(partition);
        }

        if (requested.Count == 0)
            return;
        foreach (var start in Assign([.. requested]))
        {
            try
            {
                consumer.Seek(start);
            }
            catch (KafkaException)
            {
                // Not fetching yet: once more, from whatever the checkpoint is by then.
                retakes.Enqueue(PartitionOf(start.TopicPartition));
            }
        }
    }

    private void Commit()
    {
        if (Stopwatch.GetElapsedTime(committedAt) < CommitEvery)
            return;
        committedAt = Stopwatch.GetTimestamp();
        var due = applied.Where(entry => owned.Contains(entry.Key) && committed.GetValueOrDefault(entry.Key, -1) != entry.Value).ToArray();
        if (due.Length == 0)
            return;
        try
        {
            consumer.Commit(due.Select(entry => new TopicPartitionOffset(entry.Key.Log, entry.Key.Partition, entry.Value + 1)));
            foreach (var (partition, position) in due)
                committed[partition] = position;
        }
        catch (KafkaException exception)
        {
            // Only lag tools read it; the checkpoints are in the store.
            ClientSays(subscription.Group, exception.Message);
        }
    }

    /// <summary>A topic that was deleted and made again is not reported by the client: its id tells.</summary>
    private void CheckTopics()
    {
        if (Stopwatch.GetElapsedTime(checkedAt) < (troubled ? Retry : CheckTopicsEvery))
            return;
        checkedAt = Stopwatch.GetTimestamp();
        try
        {
            foreach (var log in subscription.Logs)
            {
                var source = admin.SourceOfAsync(log).WaitAsync(stopping).GetAwaiter().GetResult();
                if (sources.TryGetValue(log, out var known) && known != source)
                {
                    TopicReplaced(subscription.Group, log);
                    foreach (var partition in owned.Where(partition => partition.Log == log))
                        retakes.Enqueue(partition);
                }
            }

            // Somebody may have mended it.
            foreach (var partition in refused)
                retakes.Enqueue(partition);
            Tell(null);
        }
        catch (KafkaException exception)
        {
            Tell($"Kafka: {exception.Error.Reason}");
        }
    }

    private void OnError(Error error)
    {
        ClientSays(subscription.Group, error.Reason);
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            Tell($"Kafka: {error.Reason}");
    }

    private void Tell(string? problem)
    {
        if (problem is null && !troubled)
            return;
        troubled = problem is not null;
        CloseChunk();
        outbox.Enqueue(new ReaderEvent.Trouble(problem));
    }

    private static LogPartition PartitionOf(TopicPartition partition) => new(partition.Topic, partition.Partition);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Consumer of {Group}: {Text}")]
    private partial void ClientSays(string group, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Group}: the topic {Log} was deleted and made anew; reading starts over in it.")]
    private partial void TopicReplaced(string group, string log);
}
