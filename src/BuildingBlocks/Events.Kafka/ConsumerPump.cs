using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The thread of a reader: it consumes records and hands them over as events. The callbacks of the client run on this thread too, so that
/// all events are in order.
/// </summary>
internal sealed partial class ConsumerPump(
    KafkaSettings settings,
    Subscription subscription,
    PartitionAssignmentHandler assignments,
    LagReport lag,
    ChannelWriter<ReaderEvent> events,
    ILogger logger,
    CancellationToken stopping)
{
    private const int MaxChunkSize = 1_000;

    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(100);

    private readonly Queue<ReaderEvent> outbox = new();
    private readonly HashSet<TopicPartition> paused = [];
    private bool allPaused;
    private List<LogRecord> chunk = [];
    private Task<bool>? room;
    private IConsumer<Ignore, byte[]> consumer = null!;

    /// <summary>Reads until stopped.</summary>
    public void Run()
    {
        using var built = new ConsumerBuilder<Ignore, byte[]>(settings.Reader(subscription.Group))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnRevoked(partitions))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => ClientLogged(subscription.Group, message.Message))
            .Build();
        consumer = built;
        consumer.Subscribe(subscription.Logs);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Poll(PollTimeout);
                HandOver();
                assignments.Continue(consumer, Publish);
                lag.Report(consumer);
            }
        }
        finally
        {
            lag.Finish();
            consumer.Close();
        }
    }

    // Waits for one record, reads those that are available at once, and closes the chunk.
    private void Poll(TimeSpan wait)
    {
        try
        {
            for (var result = consumer.Consume(wait); result is not null; result = consumer.Consume(TimeSpan.Zero))
            {
                Add(result);
                if (result.IsPartitionEOF || chunk.Count >= MaxChunkSize)
                    return;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            assignments.ReportUnavailable($"Kafka: {exception.Error.Reason}", Publish);
        }
        finally
        {
            CloseChunk();
        }
    }

    private void Add(ConsumeResult<Ignore, byte[]> result)
    {
        var partition = new LogPartition(result.Topic, result.Partition);
        if (!assignments.Counts(partition, result.Offset))
            return;
        if (result.IsPartitionEOF)
            Publish(new ReaderEvent.CaughtUp([partition]));
        else if (RecordFormat.RecordOf(result, out var reason) is { } record)
            chunk.Add(record);
        else
            Publish(new ReaderEvent.InvalidRecord(partition, result.Offset, reason!));
    }

    // Records that were read before the event come before it.
    private void Publish(ReaderEvent readerEvent)
    {
        CloseChunk();
        outbox.Enqueue(readerEvent);
    }

    private void CloseChunk()
    {
        if (chunk.Count == 0)
            return;
        outbox.Enqueue(new ReaderEvent.RecordsRead(chunk));
        chunk = [];
    }

    // Writes all events to the channel. While the consumer of the channel is slow, the partitions are paused and the client is still
    // polled.
    private void HandOver()
    {
        var since = Stopwatch.GetTimestamp();
        while (outbox.TryPeek(out var next))
        {
            if (events.TryWrite(next))
            {
                outbox.Dequeue();
                continue;
            }

            // Room is checked before the time: in a process that was suspended, time has passed although the consumer is not slow.
            if (HasRoom() || Stopwatch.GetElapsedTime(since) < settings.PauseAfter)
                continue;
            Pause();
            // Keeps the reader in its group. Records that were fetched before the pause may still come.
            Poll(TimeSpan.Zero);
        }

        Resume();
    }

    private bool HasRoom()
    {
        // The same wait is used until there is room, because every wait stays registered until it ends.
        room ??= events.WaitToWriteAsync(stopping).AsTask();
        if (!room.Wait(PollTimeout, stopping))
            return false;
        room = null;
        return true;
    }

    private void Pause()
    {
        if (allPaused)
            return;
        consumer.Pause(consumer.Assignment);
        paused.UnionWith(consumer.Assignment);
        allPaused = true;
    }

    // A partition that is revoked while it is paused stays paused in the client. It is remembered until it is assigned again.
    private void Resume()
    {
        allPaused = false;
        if (paused.Count == 0)
            return;
        var assigned = consumer.Assignment.Intersect(paused).ToList();
        consumer.Resume(assigned);
        paused.ExceptWith(assigned);
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        allPaused = false;
        return assignments.Assigned([.. partitions.Select(partition => new LogPartition(partition.Topic, partition.Partition))], Publish);
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        LogPartition[] revoked = [.. partitions.Select(partition => new LogPartition(partition.Topic, partition.Partition))];
        assignments.Revoked(revoked);
        lag.Forget(revoked);
        Publish(new ReaderEvent.Revoked(revoked));
    }

    private void OnError(Error error)
    {
        ClientLogged(subscription.Group, error.Reason);
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            assignments.ReportUnavailable($"Kafka: {error.Reason}", Publish);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Consumer of {Group}: {Text}")]
    private partial void ClientLogged(string group, string text);
}
