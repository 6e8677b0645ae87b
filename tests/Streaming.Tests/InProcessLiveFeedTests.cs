using Monolith.BuildingBlocks.Events.Postgres.InProcess;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.Testing.Events;

namespace Monolith.Streaming.Tests;

[Trait("Category", "Module")]
public sealed class InProcessLiveFeedTests(TestPostgres postgres) : LiveFeedContract(postgres)
{
    internal override Task<IRunningTransport> StartAsync(SampleDatabase database) =>
        Task.FromResult<IRunningTransport>(new InProcessRun(new InProcessTransport([database.Shop, database.Depot])));

    [Fact]
    public async Task Events_since_a_time_are_found_without_reading_earlier_ones()
    {
        var shop = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(1);
        await shop.CountAsync(streams, 50);
        await Database.ExecuteAsync(
            "set session_replication_role = replica; update shop.events set occurred_at = now() - interval '1 hour'");
        await using var feed = NewFeed(16);
        await shop.CountAsync(streams, 20);

        var aMinuteAgo = new FeedStart.Since(Database.Shop.Name, DateTimeOffset.UtcNow.AddMinutes(-1), MaxPerPartition: 1_000);
        await using var listener = await OpenAsync(feed, aMinuteAgo);

        (await ReadAsync(listener, 80)).Min(live => live.Record.Offset).ShouldBe(50);
        var inAnHour = DateTimeOffset.UtcNow.AddHours(1);
        var offsets = await Running.Transport.OffsetsSinceAsync(Database.Shop.Name, inAnHour, CancellationToken.None);
        offsets.Values.ShouldBe([70, 70, 70, 70], "nothing has happened since");
    }

    private sealed class InProcessRun(IEventTransport transport) : IRunningTransport
    {
        public IEventTransport Transport { get; } = transport;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
