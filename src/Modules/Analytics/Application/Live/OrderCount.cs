using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Streaming.Messages;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Application.Live;

/// <summary>Counts the orders of the last hour: first those in the log, then new ones from the live feed.</summary>
internal sealed partial class OrderCount : IAsyncDisposable
{
    /// <summary>The maximum number of events of each partition that are read at the start.</summary>
    private const int MaxEventsPerPartition = 50_000;

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

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

    /// <summary>Signals changed figures.</summary>
    public LogSignal Changed { get; } = new();

    /// <summary>The figures that changed after a version, and the current version.</summary>
    public (long Version, IReadOnlyList<MinuteFigures> Figures) Since(long version)
    {
        lock (gate)
        {
            hour.RemoveOld(clock.GetUtcNow());
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
        FeedStart from = new FeedStart.Since(OrdersTopic.Name, LastHour.FirstAt(clock.GetUtcNow()), MaxEventsPerPartition);
        var placed = catalogue.TypeNamesOf(typeof(OrderPlaced)).ToHashSet();
        while (true)
        {
            var opened = await feed.OpenAsync(
                from, live => live.Record.Log == OrdersTopic.Name && placed.Contains(live.Record.Type), stopping.Token);
            if (opened.TryGet(out var subscription, out _))
            {
                await using (subscription)
                    from = await CountAsync(subscription, from);
            }
            else
            {
                await Task.Delay(RetryDelay, clock, stopping.Token);
            }
        }
    }

    /// <summary>Counts until the subscription ends; returns where the next one starts.</summary>
    private async Task<FeedStart> CountAsync(LiveSubscription subscription, FeedStart from)
    {
        var events = new List<LiveEvent>();
        try
        {
            while (await subscription.ReadAsync(events, ReadTimeout, stopping.Token))
            {
                Add(events);
                from = new FeedStart.After(subscription.Cursor);
                events.Clear();
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            LogReadFailed(exception);
            await Task.Delay(RetryDelay, clock, stopping.Token);
        }

        return from;
    }

    private void Add(List<LiveEvent> events)
    {
        if (events.Count == 0)
            return;
        lock (gate)
        {
            hour.RemoveOld(clock.GetUtcNow());
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
            // The projections keep it as a dead letter and raise an alarm.
            LogNotCounted(exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last hour of orders cannot be read; trying again")]
    private partial void LogReadFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An order is missing in the figures of the last hour")]
    private partial void LogNotCounted(Exception exception);
}
