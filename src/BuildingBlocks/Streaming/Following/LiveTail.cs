using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Cursors;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>Follows the heads of all logs, once for the whole process, and keeps the recent events for all listeners.</summary>
internal sealed partial class LiveTail : IAsyncDisposable
{
    // Read of each partition at the start, so that clients that reconnect after a short break find their position in memory.
    private const int EventsBeforeHead = 32;

    // Estimated cost of waking one listener: scheduling, writing and a system call.
    private static readonly TimeSpan CostOfListener = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan MinPace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxPace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly IEventTransport transport;
    private readonly IReadOnlyList<string> logs;
    private readonly LiveSettings settings;
    private readonly Func<int> listeners;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly LogSignal appended = new();
    private readonly TaskCompletionSource<FollowedLogs> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task running;
    private Task waking = Task.CompletedTask;

    public LiveTail(IEventTransport transport, IReadOnlyList<string> logs, LiveSettings settings, Func<int> listeners, ILogger logger)
    {
        this.transport = transport;
        this.logs = logs;
        this.settings = settings;
        this.listeners = listeners;
        this.logger = logger;
        running = Task.Run(RunAsync);
    }

    /// <summary>Completes when the heads of the logs at the start have been reached.</summary>
    public Task<FollowedLogs> Ready => ready.Task;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await waking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ready.TrySetCanceled();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        FollowedLogs? followed = null;
        var goal = Array.Empty<long>();
        while (true)
        {
            try
            {
                if (followed is null)
                {
                    (followed, goal) = await StartAsync();
                    waking = WakeListenersAsync(followed);
                }

                CompleteWhenReached(followed, goal);
                await foreach (var records in transport.FollowAsync(followed.Layout.OffsetsOf(followed.Ring.Newest()), stopping.Token))
                    Publish(followed, records, goal);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                LogCannotFollow(exception);
            }

            await Task.Delay(RetryDelay, stopping.Token);
        }
    }

    private async Task<(FollowedLogs Followed, long[] Goal)> StartAsync()
    {
        var heads = new Dictionary<LogPartition, long>();
        var deleted = new Dictionary<LogPartition, DeletedRecords>();
        foreach (var log in logs)
        {
            foreach (var (partition, head) in await transport.HeadsAsync(log, stopping.Token))
                heads.Add(partition, head);
            foreach (var (partition, records) in await transport.DeletedRecordsAsync(log, stopping.Token))
                deleted.Add(partition, records);
        }

        var layout = new LogLayout(heads.GroupBy(head => head.Key.Log).ToDictionary(log => log.Key, log => log.Count()));
        var goal = layout.VectorOf(heads);
        long[] start = [.. goal.Select((head, index) => StartOf(head, deleted.GetValueOrDefault(layout.Partitions[index])))];
        return (new FollowedLogs(layout, new EventRing(layout, start, settings.BufferEvents, settings.BufferBytes)), goal);
    }

    // Deleted records never arrive: the ring begins after them.
    private static long StartOf(long head, DeletedRecords? deleted) =>
        Math.Max(Math.Max(0, head - EventsBeforeHead), Math.Min(head, deleted?.FirstOffset ?? 0));

    private void Publish(FollowedLogs followed, IReadOnlyList<LogRecord> records, long[] goal)
    {
        followed.Ring.Append(records);
        appended.Pulse();
        CompleteWhenReached(followed, goal);
    }

    /// <summary>
    /// Wakes the listeners, independently of the reading: they get all events between two wake-ups together, in however many batches those
    /// were read.
    /// </summary>
    private async Task WakeListenersAsync(FollowedLogs followed)
    {
        for (var seen = appended.Version; ; )
        {
            await appended.WaitAsync(seen, stopping.Token);
            seen = appended.Version;
            followed.Added.Pulse();
            var pace = CostOfListener * listeners();
            if (pace >= MinPace)
                await Task.Delay(pace < MaxPace ? pace : MaxPace, stopping.Token);
        }
    }

    private void CompleteWhenReached(FollowedLogs followed, long[] goal)
    {
        if (!ready.Task.IsCompleted && followed.Ring.Newest().Zip(goal).All(partition => partition.First >= partition.Second))
            ready.TrySetResult(followed);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The logs cannot be followed for the event stream; trying again")]
    private partial void LogCannotFollow(Exception exception);
}
