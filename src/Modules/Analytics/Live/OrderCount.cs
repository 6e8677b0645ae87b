using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Live;

/// <summary>Counts orders as they come: first those of the last hour, which are read from the log, then what the process hears.</summary>
internal sealed partial class OrderCount : IAsyncDisposable
{
    /// <summary>Of each partition at most so many events are read at the start, however much there was in the hour.</summary>
    private const int MostOfEachPartition = 50_000;

    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly LiveFeed feed;
    private readonly EventCatalogue catalogue;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly LastHour hour = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;

    public OrderCount(LiveFeed feed, EventCatalogue catalogue, TimeProvider clock, ILogger logger)
    {
        this.feed = feed;
        this.catalogue = catalogue;
        this.clock = clock;
        this.logger = logger;
        running = Task.Run(RunAsync);
    }

    /// <summary>Pulsed when figures have changed.</summary>
    public LogSignal Changed { get; } = new();

    /// <summary>What has changed since a version, and the version that this is.</summary>
    public (long Version, IReadOnlyList<MinuteFigures> Figures) Since(long version)
    {
        lock (gate)
        {
            hour.Forget(clock.GetUtcNow());
            return (hour.Version, hour.Since(version));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        FeedStart from = new FeedStart.Since(OrdersTopic.Name, LastHour.FirstAt(clock.GetUtcNow()), MostOfEachPartition);
        var placed = catalogue.TypeNamesOf(typeof(OrderPlaced)).ToHashSet();
        while (true)
        {
            var opened = await feed.OpenAsync(from, live => live.Record.Log == OrdersTopic.Name && placed.Contains(live.Record.Type), stopping.Token);
            if (opened.TryGet(out var subscription, out _))
            {
                await using (subscription)
                    from = await CountAsync(subscription, from);
            }
            else
            {
                await Task.Delay(Retry, clock, stopping.Token);
            }
        }
    }

    /// <summary>Counts for as long as it keeps up; the place to go on from.</summary>
    private async Task<FeedStart> CountAsync(LiveSubscription subscription, FeedStart from)
    {
        var events = new List<LiveEvent>();
        try
        {
            while (await subscription.ReadAsync(events, LookEvery, stopping.Token))
            {
                Add(events);
                from = new FeedStart.After(subscription.Place);
                events.Clear();
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            CannotRead(exception);
            await Task.Delay(Retry, clock, stopping.Token);
        }

        return from;
    }

    private void Add(List<LiveEvent> events)
    {
        if (events.Count == 0)
            return;
        lock (gate)
        {
            hour.Forget(clock.GetUtcNow());
            foreach (var live in events)
                Add(live.Record);
        }

        Changed.Pulse();
    }

    private void Add(LogRecord record)
    {
        try
        {
            var placed = (OrderPlaced)catalogue.Decode(record).Data;
            hour.Add(record.OccurredAt, placed.Currency, placed.Amount);
        }
        catch (UnreadableEventException exception)
        {
            // The projections park it and say so; a picture of the last hour goes on without it.
            CannotCount(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last hour of orders cannot be read; trying again")]
    private partial void CannotRead(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An order is missing in the figures of the last hour")]
    private partial void CannotCount(Exception exception);
}
