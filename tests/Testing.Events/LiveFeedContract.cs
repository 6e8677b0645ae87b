using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.Testing.Events;

/// <summary>What the feed promises to its listeners, whatever the transport.</summary>
public abstract class LiveFeedContract(TestPostgres postgres) : IAsyncLifetime
{
    private const int SmallBuffer = 32;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(200);

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
    public async Task A_new_listener_hears_what_happens_from_now_on_and_nothing_from_before()
    {
        var (shop, depot) = (new PostgresWriter(database.Shop), new PostgresWriter(database.Depot));
        var streams = SampleWriter.Streams(2);
        await shop.CountAsync(streams, 3);
        await RelayedAsync();
        await using var feed = NewFeed();
        await using var listener = await OpenAsync(feed, new FeedStart.Head());

        await shop.CountAsync(streams, 2);
        await depot.AppendAsync((streams[0], new Stocked(streams[0], 1)));

        var heard = await HearAsync(listener, 17);
        heard.Count(live => live.Record.Log == database.Depot.Name).ShouldBe(1);
        foreach (var partition in heard.GroupBy(live => (live.Record.Log, live.Record.Partition)))
            partition.Select(live => live.Record.Offset).ShouldBe(partition.Key.Log == database.Depot.Name ? [0L] : [6L, 7L, 8L, 9L]);
    }

    [Fact]
    public async Task Who_comes_back_gets_what_is_no_longer_in_memory_and_everything_once()
    {
        var shop = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var feed = NewFeed(SmallBuffer);
        string place;
        await using (var first = await OpenAsync(feed, new FeedStart.Head()))
        {
            await shop.CountAsync(streams, 1);
            place = (await HearAsync(first, 4))[1].Place;
        }

        await shop.CountAsync(streams, 200);
        // So small a buffer may be overtaken while the host itself catches up: a client then comes back once more.
        var heard = await ListenAsync([feed], place, 802, new Random(1));
        ShouldBeDense(heard, (await HeadsAsync()).ToDictionary(head => head.Key, head => head.Value), from: null, total: 802);
    }

    [Fact]
    public async Task Listeners_that_drop_at_random_under_load_lose_nothing_and_hear_nothing_twice()
    {
        var seed = Random.Shared.Next(1, 100_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed: {seed}");
        var random = new Random(seed);
        var events = TestScale.Of(20_000);
        var streams = SampleWriter.Streams(2);
        // Two feeds, as two hosts have them: each time a listener comes back it may be to the other.
        await using var one = NewFeed(256);
        await using var other = NewFeed(64);
        await using (await OpenAsync(one, new FeedStart.Head()))
        await using (var start = await OpenAsync(other, new FeedStart.Head()))
        {
            var listeners = Enumerable.Range(0, 4).Select(i => new Random(random.Next())).Select(own => ListenAsync([one, other], start.Place, events, own)).ToArray();
            var writing = WriteAsync(streams, events);
            foreach (var heard in await Task.WhenAll(listeners).WaitAsync(Patience * 2, cancellation))
                ShouldBeDense(heard, null, from: 0, total: events);
            await writing;
        }
    }

    [Fact]
    public async Task A_listener_that_is_too_slow_is_told_and_comes_back_from_where_it_stood()
    {
        var shop = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var feed = NewFeed(SmallBuffer);
        await using var quick = await OpenAsync(feed, new FeedStart.Head());
        await using var slow = await OpenAsync(feed, new FeedStart.Head());
        await shop.CountAsync(streams, 1);
        await HearAsync(quick, 4);
        var heard = await HearAsync(slow, 4);

        for (var round = 0; round < 10; round++)
        {
            await shop.CountAsync(streams, 4);
            await HearAsync(quick, 16);
        }

        (await slow.ReadAsync([], Turn, cancellation)).ShouldBeFalse();
        await using var again = await OpenAsync(feed, new FeedStart.After(slow.Place));
        heard.AddRange(await HearAsync(again, 160));
        ShouldBeDense(heard, null, from: 0, total: 164);
    }

    [Fact]
    public async Task The_place_moves_on_also_where_the_filter_lets_nothing_through()
    {
        await using var feed = NewFeed();
        await using var deaf = await OpenAsync(feed, new FeedStart.Head(), _ => false);
        var before = deaf.Place;
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 5);

        await Eventually.HoldsAsync(Patience, async () =>
        {
            await deaf.ReadAsync([], Turn, cancellation);
            return deaf.Place == before ? "the place stands still" : null;
        }, cancellation);
    }

    [Fact]
    public async Task A_place_that_no_log_has_is_refused()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 3);
        await RelayedAsync();
        await using var feed = NewFeed();
        await using var listener = await OpenAsync(feed, new FeedStart.Head());
        var (fits, beyond, other) = (PlaceAt(3, partitions: 4), PlaceAt(4, partitions: 4), PlaceAt(3, partitions: 5));

        await using (await OpenAsync(feed, new FeedStart.After(fits)))
            listener.Place.ShouldBe(fits);
        foreach (var place in new[] { "nonsense", beyond, other })
            (await feed.OpenAsync(new FeedStart.After(place), _ => true, cancellation)).Error.ShouldNotBeNull().Fields!.Keys.ShouldBe(["Last-Event-ID"]);
        feed.Listeners.ShouldBe(1, "who was refused does not listen");
    }

    [Fact]
    public async Task The_past_since_a_time_is_bounded()
    {
        var shop = new PostgresWriter(database.Shop);
        await shop.CountAsync(SampleWriter.Streams(1), 300);
        await RelayedAsync();
        await using var feed = NewFeed(SmallBuffer);

        await using var listener = await OpenAsync(feed, new FeedStart.Since(database.Shop.Name, DateTimeOffset.UnixEpoch, MostOfEach: 100));

        (await HearAsync(listener, 400)).Min(live => live.Record.Offset).ShouldBe(200);
    }

    private protected SampleDatabase Database => database;

    private protected IRunningTransport Running => running;

    private string PlaceAt(long offset, int partitions) => StreamCursor.Encode(
        new LogLayout(new Dictionary<string, int> { [database.Shop.Name] = partitions, [database.Depot.Name] = 4 }),
        [0, 0, 0, 0, .. Enumerable.Repeat(offset, partitions)]);

    /// <summary>Waits until the transport has everything.</summary>
    private protected Task RelayedAsync() => Eventually.HoldsAsync(Patience, async () =>
    {
        var heads = await SampleDatabase.HeadsAsync(database.Shop);
        var reached = await running.Transport.HeadsAsync(database.Shop.Name, cancellation);
        return reached.OrderBy(head => head.Key.Partition).Select(head => head.Value).SequenceEqual(heads) ? null : "not relayed yet";
    }, cancellation);

    private protected LiveFeed NewFeed(int buffer = 8_192) => new(
        running.Transport, [database.Shop.Name, database.Depot.Name], new LiveSettings { BufferEvents = buffer }, NullLogger<LiveFeed>.Instance);

    private protected async Task<LiveSubscription> OpenAsync(LiveFeed feed, FeedStart from, Func<LiveEvent, bool>? wants = null)
    {
        // A topic is there as soon as its relay has made it.
        LiveSubscription? opened = null;
        await Eventually.HoldsAsync(Patience, async () =>
        {
            var answer = await feed.OpenAsync(from, wants ?? (_ => true), cancellation);
            return answer.TryGet(out opened, out var error) ? null : error.Detail;
        }, cancellation);
        return opened!;
    }

    private protected async Task<List<LiveEvent>> HearAsync(LiveSubscription listener, int count)
    {
        var heard = new List<LiveEvent>();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (heard.Count < count)
            (await listener.ReadAsync(heard, Turn, patience.Token)).ShouldBeTrue();
        heard.Count.ShouldBe(count);
        return heard;
    }

    private async Task<List<LiveEvent>> ListenAsync(LiveFeed[] feeds, string place, int count, Random random)
    {
        var heard = new List<LiveEvent>();
        while (heard.Count < count)
        {
            await using var listener = await OpenAsync(feeds[random.Next(feeds.Length)], new FeedStart.After(place));
            var until = heard.Count + random.Next(1, 1 + count / 5);
            var page = new List<LiveEvent>();
            while (heard.Count < until && heard.Count < count && await listener.ReadAsync(page, Turn, cancellation))
            {
                heard.AddRange(page);
                page.Clear();
                // Only what a client has got counts: it comes back with the id of the last message.
                place = heard.Count > 0 ? heard[^1].Place : place;
            }
        }

        return heard;
    }

    private async Task WriteAsync(Guid[] streams, int events)
    {
        var shop = new PostgresWriter(database.Shop);
        for (var written = 0; written < events; written += streams.Length)
            await shop.CountAsync(streams, 1);
    }

    private async Task<Dictionary<int, long>> HeadsAsync() => (await SampleDatabase.HeadsAsync(database.Shop)).Select((head, partition) => (head, partition)).ToDictionary(entry => entry.partition, entry => entry.head);

    private static void ShouldBeDense(IReadOnlyCollection<LiveEvent> heard, Dictionary<int, long>? heads, long? from, int total)
    {
        heard.Count.ShouldBe(total);
        foreach (var partition in heard.GroupBy(live => live.Record.Partition))
        {
            var offsets = partition.Select(live => live.Record.Offset).ToArray();
            offsets.ShouldBe(Enumerable.Range(0, offsets.Length).Select(i => (from ?? offsets[0]) + i));
            if (heads is not null)
                offsets[^1].ShouldBe(heads[partition.Key] - 1);
        }
    }
}
