using System.Threading.Channels;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Postgres.InProcess;

/// <summary>Reads one or several logs for one consumer: one loop per log, all into one bounded channel.</summary>
internal sealed class InProcessReader : IEventReader
{
    // Few large chunks: each becomes one batch of the consumer. More chunks would only take memory; each loop holds one more.
    private const int EventsAhead = 8_000;

    private readonly Channel<ReaderEvent> events;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, InProcessLogLoop> loops;
    private readonly Task running;

    public InProcessReader(Subscription subscription, IReadOnlyList<PostgresLog> logs)
    {
        events = Channel.CreateBounded<ReaderEvent>(Math.Max(1, EventsAhead / subscription.FetchSize));
        loops = logs.ToDictionary(log => log.Name, log => new InProcessLogLoop(log, subscription, events.Writer));
        running = Task.Run(RunAsync);
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Reassign(IReadOnlyCollection<LostPartition> partitions)
    {
        foreach (var lost in partitions)
            loops[lost.Partition.Log].Reassign(lost);
    }

    // The position is not needed: there is no broker whose tools would show it.
    public void Applied(LogPartition partition, long position) => loops[partition.Log].NoteApplied();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        var all = loops.Values.Select(loop => loop.RunAsync(stopping.Token)).ToArray();
        // A loop ends by failure or by disposal. If one fails, the reader fails, so that its log does not silently stay behind.
        var first = await Task.WhenAny(all);
        await stopping.CancelAsync();
        await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Writer.TryComplete(first.Exception?.InnerException);
    }
}
