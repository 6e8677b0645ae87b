using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Cursors;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.BuildingBlocks.Streaming.Feed;

/// <summary>
/// The events of all logs as they are committed. The logs are followed once per process, and only while there are listeners.
/// </summary>
public sealed partial class LiveFeed : IAsyncDisposable
{
    private const string LastEventId = "Last-Event-ID";

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(10);

    private readonly SharedOnDemand<LiveTail> tail;
    private readonly ILogger<LiveFeed> logger;

    internal LiveFeed(IEventTransport transport, IReadOnlyList<string> logs, LiveSettings settings, ILogger<LiveFeed> logger)
    {
        this.logger = logger;
        Transport = transport;
        Logs = logs;
        HistorySlots = new SemaphoreSlim(settings.ConcurrentHistories);
        tail = new SharedOnDemand<LiveTail>(() => new LiveTail(transport, logs, settings, () => Listeners, logger), settings.Linger);
    }

    /// <summary>The logs, by the names of their topics.</summary>
    public IReadOnlyList<string> Logs { get; }

    /// <summary>The number of listeners.</summary>
    public int Listeners => tail.Users;

    internal static Error NotReady { get; } = new(
        ErrorKind.Unavailable,
        "stream-unavailable",
        "The stream is not available",
        "The logs cannot be followed at the moment. Connect again.");

    internal static Error InvalidCursor { get; } = RequestErrors.Invalid(new Dictionary<string, string[]>
    {
        [LastEventId] =
        [
            "Is not a position in these logs. It must be the unchanged id of a message of this stream. "
            + "Without it the stream begins with the next event.",
        ],
    });

    internal IEventTransport Transport { get; }

    internal SemaphoreSlim HistorySlots { get; }

    /// <summary>Opens a subscription.</summary>
    /// <param name="from">Where it begins.</param>
    /// <param name="filter">Selects the events. It is called for each event, so that it must be fast.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>A subscription to dispose; an error if the cursor is invalid or the logs cannot be followed.</returns>
    public async Task<Result<LiveSubscription>> OpenAsync(FeedStart from, Func<LiveEvent, bool> filter, CancellationToken cancellation)
    {
        var entered = tail.Enter();
        var opened = default(LiveSubscription);
        try
        {
            var followed = await entered.Ready.WaitAsync(ReadyTimeout, cancellation);
            var start = await StartAsync(followed, from, cancellation);
            if (!start.TryGet(out var position, out var error))
                return error;
            return opened = new LiveSubscription(this, followed, position.Seen, position.Index, filter);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            LogCannotOpen(exception);
            return NotReady;
        }
        finally
        {
            if (opened is null)
                Leave();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await tail.DisposeAsync();

    internal void Leave() => tail.Leave();

    private async Task<Result<(long[] Seen, long? Index)>> StartAsync(
        FollowedLogs followed, FeedStart from, CancellationToken cancellation)
    {
        switch (from)
        {
            case FeedStart.After after:
                if (await SeenAsync(followed, after.Cursor, cancellation) is not { } seen)
                    return InvalidCursor;
                return await FindDeletedAsync(followed, seen, cancellation) is { } reason
                    ? NotReady with { Detail = reason }
                    : (seen, default(long?));
            case FeedStart.Since since:
                return (await SinceAsync(followed, since, cancellation), default(long?));
            default:
                var end = followed.Ring.End();
                return (end.Vector, end.Index);
        }
    }

    private async Task<long[]?> SeenAsync(FollowedLogs followed, string cursor, CancellationToken cancellation)
    {
        if (StreamCursor.Decode(cursor) is not { } logs)
            return null;
        var newest = followed.Ring.Newest();
        var seen = new List<long>(newest.Length);
        foreach (var log in followed.Layout.Logs)
        {
            // A log that is newer than the cursor begins with its next event.
            var offsets = logs.GetValueOrDefault(log.Tag) ?? newest[seen.Count..(seen.Count + log.Partitions)];
            if (offsets.Length != log.Partitions)
                return null;
            seen.AddRange(offsets);
        }

        var isBehind = seen.Zip(newest).All(partition => partition.First <= partition.Second);
        return isBehind || await ExistsAsync(followed, seen, cancellation) ? [.. seen] : null;
    }

    // The cursor may come from a host that is ahead of this one, but it cannot be above the heads of the logs.
    private async Task<bool> ExistsAsync(FollowedLogs followed, List<long> seen, CancellationToken cancellation)
    {
        foreach (var log in followed.Layout.Logs)
        {
            foreach (var (partition, head) in await Transport.HeadsAsync(log.Name, cancellation))
            {
                if (seen[followed.Layout.IndexOf(partition)] > head)
                    return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Why a listener would wait forever: records after its position were deleted and are no longer in memory. Null if there are none.
    /// </summary>
    private async Task<string?> FindDeletedAsync(FollowedLogs followed, long[] seen, CancellationToken cancellation)
    {
        if (followed.Ring.Join(seen) is not null)
            return null;
        foreach (var log in followed.Layout.Logs)
        {
            foreach (var (partition, deleted) in await Transport.DeletedRecordsAsync(log.Name, cancellation))
            {
                var index = followed.Layout.IndexOf(partition);
                if (seen[index] < Math.Min(deleted.FirstOffset, followed.Ring.Newest()[index]))
                    return deleted.Reason;
            }
        }

        return null;
    }

    private async Task<long[]> SinceAsync(FollowedLogs followed, FeedStart.Since since, CancellationToken cancellation)
    {
        var seen = followed.Ring.Newest();
        foreach (var (partition, offset) in await Transport.OffsetsSinceAsync(since.Log, since.Time, cancellation))
        {
            ref var next = ref seen[followed.Layout.IndexOf(partition)];
            // Events that arrived during the search are after the offset in any case.
            next = Math.Min(next, Math.Max(offset, next - since.MaxPerPartition));
        }

        return seen;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream could not be opened")]
    private partial void LogCannotOpen(Exception exception);
}
