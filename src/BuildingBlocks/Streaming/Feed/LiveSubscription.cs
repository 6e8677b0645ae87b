using System.Diagnostics;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Cursors;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.BuildingBlocks.Streaming.Feed;

/// <summary>
/// The position of one listener. It first reads the events that are no longer in memory, then the ring that all listeners share. It sees
/// each event after its start exactly once, those of a partition in the order of their offsets.
/// </summary>
public sealed class LiveSubscription : IAsyncDisposable
{
    private const int MaxBatch = 64;

    private readonly LiveFeed feed;
    private readonly FollowedLogs followed;
    private readonly Func<LiveEvent, bool> filter;
    private readonly List<LiveEvent> batch = [];

    // The next offset of each partition. Not updated once the position equals that of the ring.
    private readonly long[] seen;
    private long? index;

    // The number of partitions in which the listener is ahead of its position in the ring.
    private int ahead;
    private string cursor;
    private History? history;

    internal LiveSubscription(LiveFeed feed, FollowedLogs followed, long[] seen, long? index, Func<LiveEvent, bool> filter)
    {
        this.feed = feed;
        this.followed = followed;
        this.seen = seen;
        this.index = index;
        this.filter = filter;
        cursor = StreamCursor.Encode(followed.Layout, seen);
    }

    /// <summary>The position after all events that were read, with which a new subscription resumes.</summary>
    public string Cursor => HasRingPosition ? cursor : StreamCursor.Encode(followed.Layout, seen);

    private bool HasRingPosition => index is not null && ahead == 0;

    /// <summary>Reads the next events; waits while there are none.</summary>
    /// <param name="into">Receives them.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>False if it was read too slowly: a new subscription from its cursor continues.</returns>
    public async ValueTask<bool> ReadAsync(List<LiveEvent> into, TimeSpan timeout, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = timeout - Stopwatch.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
            var version = followed.Added.Version;
            if (index is null && !TryJoinRing())
                await ReadHistoryAsync(into, left, cancellation);
            else if (!ReadRing(into))
                return false;
            else if (into.Count == 0 && batch.Count == 0)
                await followed.Added.WaitAsync(version, left, cancellation);

            if (into.Count > 0 || left == TimeSpan.Zero)
                return true;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (history is not null)
            await history.DisposeAsync();
        feed.Leave();
    }

    private bool TryJoinRing()
    {
        if (history is not null || followed.Ring.Join(seen) is not { } start)
            return false;
        index = start.Index;
        // The ring still contains events that the listener has seen, for example on another host.
        ahead = seen.Zip(start.Vector).Count(partition => partition.First > partition.Second);
        cursor = StreamCursor.Encode(followed.Layout, start.Vector);
        return true;
    }

    private bool ReadRing(List<LiveEvent> into)
    {
        batch.Clear();
        if (!followed.Ring.Read(index!.Value, MaxBatch, batch))
            return false;
        index += batch.Count;
        foreach (var live in batch)
        {
            if (ahead == 0)
                AddFromRing(live, into);
            else
                AddIfNew(live, into);
        }

        return true;
    }

    private void AddFromRing(LiveEvent live, List<LiveEvent> into)
    {
        cursor = live.Cursor;
        if (filter(live))
            into.Add(live);
    }

    private void AddIfNew(LiveEvent live, List<LiveEvent> into)
    {
        var offset = live.Record.Offset;
        var next = seen[IndexOf(live.Record)];
        if (offset >= next)
            AddWithOwnCursor(live, into);
        else if (offset == next - 1)
            ahead--;
        cursor = live.Cursor;
    }

    private async ValueTask ReadHistoryAsync(List<LiveEvent> into, TimeSpan timeout, CancellationToken cancellation)
    {
        history ??= await History.StartAsync(feed.Transport, followed, seen, feed.HistorySlots, timeout, cancellation);
        if (history is null)
            return;
        foreach (var record in await history.ReadAsync(timeout, cancellation))
            AddWithOwnCursor(new LiveEvent(record, cursor), into);
        if (!history.IsComplete(seen))
            return;
        await history.DisposeAsync();
        history = null;
    }

    private void AddWithOwnCursor(LiveEvent live, List<LiveEvent> into)
    {
        seen[IndexOf(live.Record)] = live.Record.Offset + 1;
        if (filter(live))
            into.Add(live.At(StreamCursor.Encode(followed.Layout, seen)));
    }

    private int IndexOf(LogRecord record) => followed.Layout.IndexOf(new LogPartition(record.Log, record.Partition));
}
