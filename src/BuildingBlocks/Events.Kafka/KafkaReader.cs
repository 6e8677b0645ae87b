using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>A member of a consumer group. The client blocks, so that it has a thread of its own; all it tells goes through one bounded channel.</summary>
internal sealed class KafkaReader : IEventReader
{
    /// <summary>How much it reads ahead of who takes from it.</summary>
    public const int ChunksAhead = 8;

    private static readonly TimeSpan LeaveAtMost = TimeSpan.FromSeconds(5);

    private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(ChunksAhead);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PartitionAssignmentHandler takeover;
    private readonly LagReport lag;

    public KafkaReader(KafkaSettings settings, KafkaAdmin admin, LocalLogs localLogs, TopicBeginnings beginnings, Subscription subscription, ILogger logger)
    {
        takeover = new PartitionAssignmentHandler(admin, localLogs, beginnings, subscription, logger, stopping.Token);
        lag = new LagReport(subscription.Group, logger);
        var pump = new ConsumerPump(settings, subscription, takeover, lag, events.Writer, logger, stopping.Token);
        new Thread(() => Run(pump)) { IsBackground = true, Name = subscription.Group }.Start();
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Retake(IReadOnlyCollection<LostPartition> partitions) => takeover.Request(partitions);

    public void Applied(LogPartition partition, long position) => lag.Note(partition, position);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        // Without a broker the client may wait long to say goodbye; the group then notices by itself.
        await ended.Task.WaitAsync(LeaveAtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Run(ConsumerPump pump)
    {
        var failure = default(Exception);
        try
        {
            pump.Run();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Disposed.
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        events.Writer.TryComplete(failure);
        ended.TrySetResult();
    }
}
