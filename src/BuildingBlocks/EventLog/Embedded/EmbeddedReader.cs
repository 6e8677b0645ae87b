using System.Threading.Channels;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.EventLog.Embedded;

/// <summary>Reads one or several logs for one consumer: one loop a log, all into one bounded channel.</summary>
internal sealed class EmbeddedReader : IEventReader
{
    // Few and large: a waiting chunk is a page that the consumer takes at once.
    private const int ChunksAhead = 4;

    private readonly Channel<ReaderEvent> events = Channel.CreateBounded<ReaderEvent>(ChunksAhead);
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<string, EmbeddedLogLoop> loops;
    private readonly Task running;

    public EmbeddedReader(Subscription subscription, IReadOnlyList<PostgresLog> logs)
    {
        loops = logs.ToDictionary(log => log.Name, log => new EmbeddedLogLoop(log, subscription, events.Writer));
        running = Task.Run(RunAsync);
    }

    public ChannelReader<ReaderEvent> Events => events.Reader;

    public void Retake(IReadOnlyCollection<LostPartition> partitions)
    {
        foreach (var lost in partitions)
            loops[lost.Partition.Log].Retake(lost);
    }

    public void Applied(LogPartition partition, long position)
    {
        // The checkpoints say it all: there is no broker whose tools would ask.
    }

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
