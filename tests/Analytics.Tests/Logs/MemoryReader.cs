using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.Analytics.Tests.Logs;

/// <summary>Reads all partitions of in-memory logs from the checkpoints of the subscription.</summary>
internal sealed class MemoryReader : IEventReader
{
    private const string Source = "memory";

    private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(4);
    private readonly CancellationTokenSource stopping = new();
    private readonly MemoryLogs logs;
    private readonly Subscription subscription;
    private readonly LogPartition[] partitions;
    private readonly Task running;
    private volatile bool retake = true;

    public MemoryReader(MemoryLogs logs, Subscription subscription, LogPartition[] partitions)
    {
        this.logs = logs;
        this.subscription = subscription;
        this.partitions = partitions;
        running = Task.Run(RunAsync);
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Reassign(IReadOnlyCollection<LostPartition> lost)
    {
        retake = true;
        logs.Appended.Pulse();
    }

    public void Applied(LogPartition partition, long position)
    {
        // Not used by these tests.
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await ReadAsync();
        }
        catch (Exception exception)
        {
            events.Writer.TryComplete(exception);
        }
    }

    private async Task ReadAsync()
    {
        var next = new Dictionary<LogPartition, long>();
        while (true)
        {
            var seen = logs.Appended.Version;
            if (retake)
            {
                retake = false;
                var points = await subscription.Claim(partitions, stopping.Token);
                // The first record is the one that was applied last.
                next = points.ToDictionary(point => point.Partition, point => Math.Max(0, point.NextOffset - 1));
                await events.Writer.WriteAsync(
                    new ReaderEvent.Assigned(points, subscription.Logs.ToDictionary(log => log, _ => Source)), stopping.Token);
            }

            var read = false;
            foreach (var partition in next.Keys.ToArray())
            {
                var some = logs.ReadFrom(partition, next[partition], subscription.FetchSize);
                if (some.Count == 0)
                    continue;
                read = true;
                next[partition] += some.Count;
                await events.Writer.WriteAsync(new ReaderEvent.RecordsRead(some), stopping.Token);
            }

            if (read)
                continue;
            await events.Writer.WriteAsync(new ReaderEvent.CaughtUp([.. next.Keys]), stopping.Token);
            await logs.Appended.WaitAsync(seen, stopping.Token);
        }
    }
}
