using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>Follows the end of all logs, once for the whole process, and keeps the recent past for all listeners.</summary>
internal sealed partial class LiveTail : IAsyncDisposable
{
    /// <summary>So much of the past of each partition is read at the start: whoever was connected a moment ago finds it in memory.</summary>
    private const int EventsBefore = 32;

    /// <summary>Each listener's part of a wake-up, about: waking, writing, a call into the kernel.</summary>
    private static readonly TimeSpan CostOfListener = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan ShortestPace = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly IEventTransport transport;
    private readonly IReadOnlyList<string> logs;
    private readonly LiveSettings settings;
    private readonly Func<int> listeners;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly LogSignal appended = new();
    private readonly TaskCompletionSource<Followed> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
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

    /// <summary>What is followed, once it has reached where the logs ended when it began.</summary>
    public Task<Followed> Ready => ready.Task;

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
        Followed? followed = null;
        var goal = Array.Empty<long>();
        while (true)
        {
            try
            {
                if (followed is null)
                {
                    (followed, goal) = await BeginAsync();
                    waking = WakeAsync(followed);
                }

                Reached(followed, goal);
                await foreach (var records in transport.FollowAsync(followed.Layout.OffsetsOf(followed.Ring.Newest()), stopping.Token))
                    Publish(followed, records, goal);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                CannotFollow(exception);
            }

            await Task.Delay(Retry, stopping.Token);
        }
    }

    private async Task<(Followed Followed, long[] Goal)> BeginAsync()
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
        // What was deleted never comes: the tail begins behind it.
        long[] start = [.. goal.Select((head, index) => Math.Max(Math.Max(0, head - EventsBefore), Math.Min(head, deleted.GetValueOrDefault(layout.Partitions[index])?.FirstOffset ?? 0)))];
        return (new Followed(layout, new EventRing(layout, start, settings.BufferEvents, settings.BufferBytes)), goal);
    }

    private void Publish(Followed followed, IReadOnlyList<LogRecord> records, long[] goal)
    {
        followed.Ring.Append(records);
        appended.Pulse();
        Reached(followed, goal);
    }

    /// <summary>Wakes the listeners apart from the reading: whatever comes between two wake-ups comes together, in however many pieces it is read.</summary>
    private async Task WakeAsync(Followed followed)
    {
        for (var seen = appended.Version; ; )
        {
            await appended.WaitAsync(seen, stopping.Token);
            seen = appended.Version;
            followed.Grown.Pulse();
            var pace = CostOfListener * listeners();
            if (pace >= ShortestPace)
                await Task.Delay(pace < LongestPace ? pace : LongestPace, stopping.Token);
        }
    }

    private void Reached(Followed followed, long[] goal)
    {
        if (!ready.Task.IsCompleted && followed.Ring.Newest().Zip(goal).All(partition => partition.First >= partition.Second))
            ready.TrySetResult(followed);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The logs cannot be followed for the event stream; trying again")]
    private partial void CannotFollow(Exception exception);
}
