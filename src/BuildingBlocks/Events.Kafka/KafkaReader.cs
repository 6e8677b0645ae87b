using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// A member of a consumer group. The client library blocks, so that the reader has its own thread. It hands its events over through a
/// bounded channel.
/// </summary>
internal sealed class KafkaReader : IEventReader
{
    /// <summary>How many chunks of records it reads ahead of its consumer.</summary>
    public const int ChunksAhead = 8;

    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(ChunksAhead);
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PartitionAssignmentHandler assignments;
    private readonly LagReport lag;

    public KafkaReader(
        KafkaSettings settings,
        KafkaAdmin admin,
        LocalLogs localLogs,
        TopicBeginnings beginnings,
        Subscription subscription,
        ILogger logger)
    {
        assignments = new PartitionAssignmentHandler(admin, localLogs, beginnings, subscription, logger, stopping.Token);
        lag = new LagReport(subscription.Group, logger);
        var pump = new ConsumerPump(settings, subscription, assignments, lag, events.Writer, logger, stopping.Token);
        new Thread(() => Run(pump)) { IsBackground = true, Name = subscription.Group }.Start();
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Reassign(IReadOnlyCollection<LostPartition> partitions) => assignments.Request(partitions);

    public void Applied(LogPartition partition, long position) => lag.Note(partition, position);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        // Without a broker the client may take long to leave the group, which then removes it after the session timeout.
        await ended.Task.WaitAsync(CloseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
