using System.Diagnostics;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming;

/// <summary>
/// One listener's way through the logs: first the past that it has not seen and nobody keeps in memory, then the ring that all share. It sees each event from its place on exactly once, those of a partition
/// in their order.
/// </summary>
public sealed class LiveSubscription : IAsyncDisposable
{
    private const int MostAtOnce = 64;

    private readonly LiveFeed feed;
    private readonly Followed followed;
    private readonly Func<LiveEvent, bool> wants;
    private readonly List<LiveEvent> page = [];

    /// <summary>By partition, the next offset of what was seen. No longer kept once it is the ring's own.</summary>
    private readonly long[] seen;
    private long? index;
    private int ahead;
    private string place;
    private History? history;

    internal LiveSubscription(LiveFeed feed, Followed followed, long[] seen, long? index, Func<LiveEvent, bool> wants)
    {
        this.feed = feed;
        this.followed = followed;
        this.seen = seen;
        this.index = index;
        this.wants = wants;
        place = StreamCursor.Encode(followed.Layout, seen);
    }

    /// <summary>Where it stands after everything that it gave: what to come back with.</summary>
    public string Place => IsShared ? place : StreamCursor.Encode(followed.Layout, seen);

    /// <summary>Whether it stands where everybody stands who has read as far in the ring.</summary>
    private bool IsShared => index is not null && ahead == 0;

    /// <summary>Gives what has come; waits where nothing has.</summary>
    /// <param name="into">Receives it.</param>
    /// <param name="atMost">How long to wait.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False: it was read too slowly, so that some of what it has not seen is no longer in memory. A new subscription from its place has it.</returns>
    public async ValueTask<bool> ReadAsync(List<LiveEvent> into, TimeSpan atMost, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            var left = atMost - Stopwatch.GetElapsedTime(since) is var rest && rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
            var version = followed.Grown.Version;
            if (index is null && !Join())
                await ReadHistoryAsync(into, left, cancellation);
            else if (!ReadRing(into))
                return false;
            else if (into.Count == 0 && page.Count == 0)
                await followed.Grown.WaitAsync(version, left, cancellation);

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

    private bool Join()
    {
        if (history is not null || followed.Ring.Join(seen) is not { } start)
            return false;
        index = start.Index;
        // What it has seen already, from another host perhaps, is still to come in the ring.
        ahead = seen.Zip(start.Vector).Count(partition => partition.First > partition.Second);
        place = StreamCursor.Encode(followed.Layout, start.Vector);
        return true;
    }

    private bool ReadRing(List<LiveEvent> into)
    {
        page.Clear();
        if (!followed.Ring.Read(index!.Value, MostAtOnce, page))
            return false;
        index += page.Count;
        foreach (var live in page)
        {
            if (ahead == 0)
                TakeShared(live, into);
            else
                TakeOwn(live, into);
        }

        return true;
    }

    private void TakeShared(LiveEvent live, List<LiveEvent> into)
    {
        place = live.Place;
        if (wants(live))
            into.Add(live);
    }

    private void TakeOwn(LiveEvent live, List<LiveEvent> into)
    {
        var offset = live.Record.Offset;
        ref var next = ref seen[IndexOf(live.Record)];
        if (offset >= next)
            Give(live, into);
        else if (offset == next - 1)
            ahead--;
        place = live.Place;
    }

    private async ValueTask ReadHistoryAsync(List<LiveEvent> into, TimeSpan atMost, CancellationToken cancellation)
    {
        history ??= await History.BeginAsync(feed.Transport, followed, seen, feed.Histories, atMost, cancellation);
        if (history is null)
            return;
        foreach (var record in await history.ReadAsync(atMost, cancellation))
            Give(new LiveEvent(record, place), into);
        if (!history.IsOver(seen))
            return;
        await history.DisposeAsync();
        history = null;
    }

    /// <summary>Gives an event to a listener that stands somewhere of its own.</summary>
    private void Give(LiveEvent live, List<LiveEvent> into)
    {
        seen[IndexOf(live.Record)] = live.Record.Offset + 1;
        if (wants(live))
            into.Add(live.At(StreamCursor.Encode(followed.Layout, seen)));
    }

    private int IndexOf(LogRecord record) => followed.Layout.IndexOf(new LogPartition(record.Log, record.Partition));
}
