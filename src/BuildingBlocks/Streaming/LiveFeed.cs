using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>The events of all logs as they come, for everybody in this process who listens. The logs are followed once, and only while somebody does.</summary>
public sealed partial class LiveFeed : IAsyncDisposable
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>A follower that has not reached the end of the logs by then is not about to.</summary>
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(10);

    internal static Error NotReady { get; } = new(
        ErrorKind.Unavailable, "stream-unavailable", "The stream is not available", "The logs cannot be followed for the moment. Connect again.");

    private readonly OnDemand<LiveTail> tail;
    private readonly ILogger<LiveFeed> logger;

    internal LiveFeed(IEventTransport transport, IReadOnlyList<string> logs, LiveSettings settings, ILogger<LiveFeed> logger)
    {
        this.logger = logger;
        Transport = transport;
        Logs = logs;
        Histories = new SemaphoreSlim(settings.Histories);
        tail = new OnDemand<LiveTail>(() => new LiveTail(transport, logs, settings, () => Listeners, logger), settings.Linger);
    }

    /// <summary>The logs, by the names of their topics.</summary>
    public IReadOnlyList<string> Logs { get; }

    /// <summary>How many listen.</summary>
    public int Listeners => tail.Wanted;

    internal IEventTransport Transport { get; }

    /// <summary>Turns to read the past.</summary>
    internal SemaphoreSlim Histories { get; }

    /// <summary>Begins to listen.</summary>
    /// <param name="from">From where.</param>
    /// <param name="wants">Which events; asked of each, so that it must be quick.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>A subscription, to be disposed; an error where the place is none, or nothing can be followed now.</returns>
    public async Task<Result<LiveSubscription>> OpenAsync(FeedStart from, Func<LiveEvent, bool> wants, CancellationToken cancellation)
    {
        var entered = tail.Enter();
        var opened = default(LiveSubscription);
        try
        {
            var followed = await entered.Ready.WaitAsync(ReadyWithin, cancellation);
            var start = await StartAsync(followed, from, cancellation);
            if (!start.TryGet(out var place, out var error))
                return error;
            return opened = new LiveSubscription(this, followed, place.Seen, place.Index, wants);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            CannotOpen(exception);
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

    private async Task<Result<(long[] Seen, long? Index)>> StartAsync(Followed followed, FeedStart from, CancellationToken cancellation)
    {
        switch (from)
        {
            case FeedStart.After after:
                if (await SeenAsync(followed, after.Place, cancellation) is not { } seen)
                    return BrokenPlace();
                return await MissingAsync(followed, seen, cancellation) is { } missing ? NotReady with { Detail = missing } : (seen, default(long?));
            case FeedStart.Since since:
                return (await SinceAsync(followed, since, cancellation), default(long?));
            default:
                var end = followed.Ring.End();
                return (end.Vector, end.Index);
        }
    }

    private async Task<long[]?> SeenAsync(Followed followed, string place, CancellationToken cancellation)
    {
        if (StreamCursor.Decode(place) is not { } logs)
            return null;
        var newest = followed.Ring.Newest();
        var seen = new List<long>(newest.Length);
        foreach (var log in followed.Layout.Logs)
        {
            // A log that came since: it was no part of the stream, so it begins where it is.
            var offsets = logs.GetValueOrDefault(log.Tag) ?? newest[seen.Count..(seen.Count + log.Partitions)];
            if (offsets.Length != log.Partitions)
                return null;
            seen.AddRange(offsets);
        }

        return seen.Zip(newest).All(partition => partition.First <= partition.Second) || await ExistsAsync(followed, seen, cancellation) ? [.. seen] : null;
    }

    // Another host may be ahead of this one; but nobody was ever given a place that its log does not have.
    private async Task<bool> ExistsAsync(Followed followed, List<long> seen, CancellationToken cancellation)
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

    /// <summary>Why a listener that has seen this much would wait for ever: records behind its place were deleted, and are in memory no longer.</summary>
    private async Task<string?> MissingAsync(Followed followed, long[] seen, CancellationToken cancellation)
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

    private async Task<long[]> SinceAsync(Followed followed, FeedStart.Since since, CancellationToken cancellation)
    {
        var seen = followed.Ring.Newest();
        foreach (var (partition, offset) in await Transport.OffsetsSinceAsync(since.Log, since.Time, cancellation))
        {
            ref var next = ref seen[followed.Layout.IndexOf(partition)];
            // What came while the places were looked for is behind them anyway.
            next = Math.Min(next, Math.Max(offset, next - since.MostOfEach));
        }

        return seen;
    }

    internal static Error BrokenPlace() => RequestErrors.Invalid(
        new Dictionary<string, string[]> { [LastEventId] = ["Is no place in these logs; it must be the id of a message of this stream, as it was given. Without it the stream begins with what happens now."] });

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stream could not be opened")]
    private partial void CannotOpen(Exception exception);
}
