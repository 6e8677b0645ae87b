using System.Diagnostics;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The thread of a reader: one blocking consume, then drain, then hand over. Everything happens on this thread, the client's callbacks too, so that what it tells is in order.
/// </summary>
internal sealed partial class ConsumerPump(
    KafkaSettings settings, Subscription subscription, PartitionAssignmentHandler takeover, LagReport lag, ChannelWriter<ReaderEvent> events, ILogger logger, CancellationToken stopping)
{
    private const int MostOfChunk = 1_000;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

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
            .SetLogHandler((_, message) => ClientSays(subscription.Group, message.Message))
            .Build();
        consumer = built;
        consumer.Subscribe(subscription.Logs);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Poll(Wait);
                HandOver();
                takeover.Continue(consumer, Tell);
                lag.Report(consumer);
            }
        }
        finally
        {
            lag.Finish();
            consumer.Close();
        }
    }

    /// <summary>Waits for one record, takes what else is there, and closes the chunk.</summary>
    private void Poll(TimeSpan wait)
    {
        try
        {
            for (var result = consumer.Consume(wait); result is not null; result = consumer.Consume(TimeSpan.Zero))
            {
                Take(result);
                if (result.IsPartitionEOF || chunk.Count >= MostOfChunk)
                    return;
            }
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            takeover.NoteTrouble($"Kafka: {exception.Error.Reason}", Tell);
        }
        finally
        {
            CloseChunk();
        }
    }

    private void Take(ConsumeResult<Ignore, byte[]> result)
    {
        var partition = new LogPartition(result.Topic, result.Partition);
        if (!takeover.Counts(partition, result.Offset))
            return;
        if (result.IsPartitionEOF)
            Tell(new ReaderEvent.Ended([partition]));
        else if (RecordFormat.RecordOf(result, out var reason) is { } record)
            chunk.Add(record);
        else
            Tell(new ReaderEvent.Foreign(partition, result.Offset, reason!));
    }

    /// <summary>What was read before comes before.</summary>
    private void Tell(ReaderEvent happened)
    {
        CloseChunk();
        outbox.Enqueue(happened);
    }

    private void CloseChunk()
    {
        if (chunk.Count == 0)
            return;
        outbox.Enqueue(new ReaderEvent.Read(chunk));
        chunk = [];
    }

    /// <summary>Gives everything to whoever takes from the channel; polls on, paused, while that takes long.</summary>
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

            // First of all whether there is room: a process that stood still has waited long without anybody being slow.
            if (HasRoom() || Stopwatch.GetElapsedTime(since) < settings.PauseAfter)
                continue;
            Pause();
            // Serves the group; what was not paused yet may still come.
            Poll(TimeSpan.Zero);
        }

        Resume();
    }

    /// <summary>Waits a little for room in the channel.</summary>
    private bool HasRoom()
    {
        // One wait for as long as there is no room: every wait stays registered until it ends.
        room ??= events.WaitToWriteAsync(stopping).AsTask();
        if (!room.Wait(Wait, stopping))
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

    /// <summary>Resumes what is ours. What was given away while it was paused stays so in the client, and would come back paused: it is remembered until it is ours again.</summary>
    private void Resume()
    {
        allPaused = false;
        if (paused.Count == 0)
            return;
        var ours = consumer.Assignment.Intersect(paused).ToList();
        consumer.Resume(ours);
        paused.ExceptWith(ours);
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        allPaused = false;
        return takeover.Assigned([.. partitions.Select(partition => new LogPartition(partition.Topic, partition.Partition))], Tell);
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        LogPartition[] revoked = [.. partitions.Select(partition => new LogPartition(partition.Topic, partition.Partition))];
        takeover.Revoked(revoked);
        lag.Forget(revoked);
        Tell(new ReaderEvent.Revoked(revoked));
    }

    private void OnError(Error error)
    {
        ClientSays(subscription.Group, error.Reason);
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            takeover.NoteTrouble($"Kafka: {error.Reason}", Tell);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Consumer of {Group}: {Text}")]
    private partial void ClientSays(string group, string text);
}
