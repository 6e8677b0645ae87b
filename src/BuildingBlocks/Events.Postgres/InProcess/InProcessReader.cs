using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>Reads one or several logs for one consumer: one loop a log, all into one bounded channel.</summary>
internal sealed class InProcessReader : IEventReader
{
    // Few chunks, and large: one that waits is a page that the consumer takes at once. More would only be memory: beside them each loop has one more in hand.
    private const int EventsAhead = 8_000;

    private readonly Channel<ReaderEvent> events;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, InProcessLogLoop> loops;
    private readonly Task running;

    public InProcessReader(Subscription subscription, IReadOnlyList<PostgresLog> logs)
    {
        events = Channel.CreateBounded<ReaderEvent>(Math.Max(1, EventsAhead / subscription.EventsAtOnce));
        loops = logs.ToDictionary(log => log.Name, log => new InProcessLogLoop(log, subscription, events.Writer));
        running = Task.Run(RunAsync);
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Retake(IReadOnlyCollection<LostPartition> partitions)
    {
        foreach (var lost in partitions)
            loops[lost.Partition.Log].Retake(lost);
    }

    // How far, the checkpoints say: there is no broker whose tools would ask.
    public void Applied(LogPartition partition, long position) => loops[partition.Log].Applied();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var all = loops.Values.Select(loop => loop.RunAsync(stopping.Token)).ToArray();
        // A loop ends by failing or by disposal. Where one fails the reader fails: its log must not stay behind unseen while the others go on.
        var first = await Task.WhenAny(all);
        await stopping.CancelAsync();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Writer.TryComplete(first.Exception?.InnerException);
    }
}
