using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming.Cursors;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Streaming.Following;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.Testing.Events;

/// <summary>The contract of the feed on any transport.</summary>
public abstract class LiveFeedContract(TestPostgres postgres) : IAsyncLifetime
{
    private const int SmallBuffer = 32;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromMilliseconds(200);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SampleDatabase database = null!;
    private IRunningTransport running = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.NewAsync();
        running = await StartAsync(database);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (running is not null)
            await running.DisposeAsync();
        await database.DisposeAsync();
    }

    internal abstract Task<IRunningTransport> StartAsync(SampleDatabase database);

    [Fact]
    public async Task New_listener_gets_only_later_events()
    {
        var (shop, depot) = (new PostgresWriter(database.Shop), new PostgresWriter(database.Depot));
        var streams = SampleWriter.Streams(2);
        await shop.CountAsync(streams, 3);
        await RelayedAsync();
        await using var feed = NewFeed();
        await using var listener = await OpenAsync(feed, new FeedStart.Head());

        await shop.CountAsync(streams, 2);
        await depot.AppendAsync((streams[0], new Stocked(streams[0], 1)));

        var read = await ReadAsync(listener, 17);
        read.Count(live => live.Record.Log == database.Depot.Name).ShouldBe(1);
        foreach (var partition in read.GroupBy(live => (live.Record.Log, live.Record.Partition)))
            partition.Select(live => live.Record.Offset).ShouldBe(partition.Key.Log == database.Depot.Name ? [0L] : [6L, 7L, 8L, 9L]);
    }

    [Fact]
    public async Task Resumed_listener_gets_events_that_left_memory_exactly_once()
    {
        var shop = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var feed = NewFeed(SmallBuffer);
        string cursor;
        await using (var first = await OpenAsync(feed, new FeedStart.Head()))
        {
            await shop.CountAsync(streams, 1);
            cursor = (await ReadAsync(first, 4))[1].Cursor;
        }

        await shop.CountAsync(streams, 200);
        // The small buffer may overflow while the host catches up, so that the listener reconnects once more.
        var read = await ListenAsync([feed], cursor, 802, new Random(1));
        ShouldBeDense(read, await HeadsAsync(), from: null, total: 802);
    }

    [Fact]
    public async Task Listeners_that_reconnect_under_load_get_every_event_once()
    {
        var seed = Random.Shared.Next(1, 100_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed: {seed}");
        var random = new Random(seed);
        var events = TestScale.Of(20_000);
        var streams = SampleWriter.Streams(2);
        // Two feeds, like two hosts: a listener reconnects to either of them.
        await using var one = NewFeed(256);
        await using var other = NewFeed(64);
        await using (await OpenAsync(one, new FeedStart.Head()))
        await using (var start = await OpenAsync(other, new FeedStart.Head()))
        {
            var listeners = Enumerable.Range(0, 4)
                .Select(i => new Random(random.Next()))
                .Select(own => ListenAsync([one, other], start.Cursor, events, own))
                .ToArray();
            var writing = WriteAsync(streams, events);
            foreach (var read in await Task.WhenAll(listeners).WaitAsync(Timeout * 2, cancellation))
                ShouldBeDense(read, null, from: 0, total: events);
            await writing;
        }
    }

    [Fact]
    public async Task Slow_listener_is_dropped_and_resumes_at_its_cursor()
    {
        var shop = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var feed = NewFeed(SmallBuffer);
        await using var quick = await OpenAsync(feed, new FeedStart.Head());
        await using var slow = await OpenAsync(feed, new FeedStart.Head());
        await shop.CountAsync(streams, 1);
        await ReadAsync(quick, 4);
        var read = await ReadAsync(slow, 4);

        for (var round = 0; round < 10; round++)
        {
            await shop.CountAsync(streams, 4);
            await ReadAsync(quick, 16);
        }

        (await slow.ReadAsync([], ReadTimeout, cancellation)).ShouldBeFalse();
        await using var again = await OpenAsync(feed, new FeedStart.After(slow.Cursor));
        read.AddRange(await ReadAsync(again, 160));
        ShouldBeDense(read, null, from: 0, total: 164);
    }

    [Fact]
    public async Task Cursor_advances_when_the_filter_matches_nothing()
    {
        await using var feed = NewFeed();
        await using var filtered = await OpenAsync(feed, new FeedStart.Head(), _ => false);
        var before = filtered.Cursor;
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 5);

        await Eventually.HoldsAsync(Timeout, async () =>
        {
            await filtered.ReadAsync([], ReadTimeout, cancellation);
            return filtered.Cursor == before ? "the cursor has not advanced" : null;
        }, cancellation);
    }

    [Fact]
    public async Task Cursor_above_the_heads_is_refused()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 3);
        await RelayedAsync();
        await using var feed = NewFeed();
        await using var listener = await OpenAsync(feed, new FeedStart.Head());
        var (valid, beyond, other) = (CursorAt(3, partitions: 4), CursorAt(4, partitions: 4), CursorAt(3, partitions: 5));

        await using (await OpenAsync(feed, new FeedStart.After(valid)))
            listener.Cursor.ShouldBe(valid);
        foreach (var cursor in new[] { "nonsense", beyond, other })
        {
            var opened = await feed.OpenAsync(new FeedStart.After(cursor), _ => true, cancellation);
            opened.Error.ShouldNotBeNull().Fields!.Keys.ShouldBe(["Last-Event-ID"]);
        }

        feed.Listeners.ShouldBe(1, "a refused listener is not counted");
    }

    [Fact]
    public async Task Events_since_a_time_are_limited()
    {
        var shop = new PostgresWriter(database.Shop);
        await shop.CountAsync(SampleWriter.Streams(1), 300);
        await RelayedAsync();
        await using var feed = NewFeed(SmallBuffer);

        var since = new FeedStart.Since(database.Shop.Name, DateTimeOffset.UnixEpoch, MaxPerPartition: 100);
        await using var listener = await OpenAsync(feed, since);

        (await ReadAsync(listener, 400)).Min(live => live.Record.Offset).ShouldBe(200);
    }

    private protected SampleDatabase Database => database;

    private protected IRunningTransport Running => running;

    private string CursorAt(long offset, int partitions) => StreamCursor.Encode(
        new LogLayout(new Dictionary<string, int> { [database.Shop.Name] = partitions, [database.Depot.Name] = 4 }),
        [0, 0, 0, 0, .. Enumerable.Repeat(offset, partitions)]);

    /// <summary>Waits until the transport has all events.</summary>
    private protected Task RelayedAsync() => Eventually.HoldsAsync(Timeout, async () =>
    {
        var heads = await SampleDatabase.HeadsAsync(database.Shop);
        var reached = await running.Transport.HeadsAsync(database.Shop.Name, cancellation);
        return reached.OrderBy(head => head.Key.Partition).Select(head => head.Value).SequenceEqual(heads) ? null : "not relayed yet";
    }, cancellation);

    private protected LiveFeed NewFeed(int buffer = 8_192) => new(
        running.Transport,
        [database.Shop.Name, database.Depot.Name],
        new LiveSettings { BufferEvents = buffer },
        NullLogger<LiveFeed>.Instance);

    private protected async Task<LiveSubscription> OpenAsync(LiveFeed feed, FeedStart from, Func<LiveEvent, bool>? filter = null)
    {
        // The relay may not have created its topic yet.
        LiveSubscription? opened = null;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            var result = await feed.OpenAsync(from, filter ?? (_ => true), cancellation);
            return result.TryGet(out opened, out var error) ? null : error.Detail;
        }, cancellation);
        return opened!;
    }

    private protected async Task<List<LiveEvent>> ReadAsync(LiveSubscription listener, int count)
    {
        var read = new List<LiveEvent>();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Timeout);
        while (read.Count < count)
            (await listener.ReadAsync(read, ReadTimeout, timeout.Token)).ShouldBeTrue();
        read.Count.ShouldBe(count);
        return read;
    }

    private async Task<List<LiveEvent>> ListenAsync(LiveFeed[] feeds, string cursor, int count, Random random)
    {
        var read = new List<LiveEvent>();
        while (read.Count < count)
        {
            await using var listener = await OpenAsync(feeds[random.Next(feeds.Length)], new FeedStart.After(cursor));
            var until = read.Count + random.Next(1, 1 + count / 5);
            var batch = new List<LiveEvent>();
            while (read.Count < until && read.Count < count && await listener.ReadAsync(batch, ReadTimeout, cancellation))
            {
                read.AddRange(batch);
                batch.Clear();
                // A client reconnects with the id of the last message that it received.
                cursor = read.Count > 0 ? read[^1].Cursor : cursor;
            }
        }

        return read;
    }

    private async Task WriteAsync(Guid[] streams, int events)
    {
        var shop = new PostgresWriter(database.Shop);
        for (var written = 0; written < events; written += streams.Length)
            await shop.CountAsync(streams, 1);
    }

    private async Task<Dictionary<int, long>> HeadsAsync() => (await SampleDatabase.HeadsAsync(database.Shop))
        .Select((head, partition) => (head, partition))
        .ToDictionary(entry => entry.partition, entry => entry.head);

    private static void ShouldBeDense(IReadOnlyCollection<LiveEvent> read, Dictionary<int, long>? heads, long? from, int total)
    {
        read.Count.ShouldBe(total);
        foreach (var partition in read.GroupBy(live => live.Record.Partition))
        {
            var offsets = partition.Select(live => live.Record.Offset).ToArray();
            offsets.ShouldBe(Enumerable.Range(0, offsets.Length).Select(i => (from ?? offsets[0]) + i));
            if (heads is not null)
                offsets[^1].ShouldBe(heads[partition.Key] - 1);
        }
    }
}
