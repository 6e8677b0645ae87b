using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.Events.Postgres.Relaying;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Events.Postgres.Tests.Relaying;

/// <summary>A relay with faults of a topic that a real Kafka cannot be made to show.</summary>
[Trait("Category", "Module")]
public sealed class LogRelayTests(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private readonly MemoryTopic topic = new(SampleLogs.Partitions);
    private SampleDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.NewAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Lost_record_ends_the_session_before_later_records()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(2), 50);
        var lost = 0;
        topic.Loses = record => record.Offset is 17 or 60 && Interlocked.Increment(ref lost) <= 3;
        using var relay = Relay(out _);

        await relay.StartAsync(cancellation);
        await FilledAsync(400);
        await relay.StopAsync(cancellation);

        ShouldBeDense();
        topic.Sessions.ShouldBe(4, "one after each lost record");
    }

    [Fact]
    public async Task Recreated_topic_is_filled_from_offset_0()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 5);
        using var relay = Relay(out _);
        await relay.StartAsync(cancellation);
        await FilledAsync(20);

        topic.MakeAnew();
        await FilledAsync(20);
        await relay.StopAsync(cancellation);

        ShouldBeDense();
    }

    /// <summary>A session waits only at its start: a partition without a leader must not delay the others.</summary>
    [Fact]
    public async Task Running_session_does_not_wait_for_brokers()
    {
        var writer = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 5);
        using var relay = Relay(out _);
        await relay.StartAsync(cancellation);
        await FilledAsync(20);

        topic.IsWaiting = true;
        await Eventually.HoldsAsync(Timeout, "the topic is checked", () => topic.Checks > 0, cancellation);
        await writer.CountAsync(streams, 5);
        await FilledAsync(40);
        await relay.StopAsync(cancellation);

        topic.Sessions.ShouldBe(1);
        ShouldBeDense();
    }

    [Fact]
    public async Task Topic_without_a_beginning_is_filled_from_offset_0()
    {
        var writer = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await writer.CountAsync(streams, 5);
        using (var relay = Relay(out _))
        {
            await relay.StartAsync(cancellation);
            await FilledAsync(20);
            await relay.StopAsync(cancellation);
        }

        // A producer that outlived the old topic wrote the last record into the new one.
        var survivor = topic.Records[0][^1];
        topic.MakeAnew();
        topic.Records[0].Add(survivor);
        using var next = Relay(out _);
        await next.StartAsync(cancellation);
        await FilledAsync(21);
        await next.StopAsync(cancellation);

        topic.Records[0].Select(record => record.Offset).ShouldBe([4, 0, 1, 2, 3, 4]);
    }

    [Fact]
    public async Task Log_with_a_gap_is_not_relayed_past_it()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.StreamsIn(1, 1), 10);
        await database.ExecuteAsync("""set session_replication_role = replica; delete from shop.events where "offset" = 6""");
        using var relay = Relay(out var status);

        await relay.StartAsync(cancellation);
        const string problem = "has a gap: partition 1 continues with offset 7 instead of 6";
        await Eventually.HoldsAsync(Timeout, "the gap is reported", () => status.Problem?.Contains(problem) == true, cancellation);
        await relay.StopAsync(cancellation);

        topic.Records[1].Select(record => record.Offset).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Relays_share_partitions_and_take_over_released_ones()
    {
        var writer = new PostgresWriter(database.Shop);
        var streams = SampleWriter.Streams(1);
        await using var elsewhere = database.OfAnotherProcess();
        using var first = Relay(out var firstStatus);
        using var second = Relay(out var secondStatus, elsewhere);
        await first.StartAsync(cancellation);
        await writer.CountAsync(streams, 5);
        await FilledAsync(20);
        await second.StartAsync(cancellation);
        await Eventually.HoldsAsync(
            Timeout, "two partitions each", () => (firstStatus.Partitions, secondStatus.Partitions) == (2, 2), cancellation);

        await writer.CountAsync(streams, 5);
        await FilledAsync(40);
        await first.StopAsync(cancellation);
        await Eventually.HoldsAsync(Timeout, "all with the second", () => secondStatus.Partitions == 4, cancellation);
        await writer.CountAsync(streams, 5);
        await FilledAsync(60);
        await Eventually.HoldsAsync(
            Timeout,
            "all events are reported as relayed",
            () => Enumerable.Range(0, 4).All(partition => secondStatus.RelayedOffset(partition) == 15),
            cancellation);
        firstStatus.RelayedOffset(0).ShouldBeNull("it relays no partition");
        await second.StopAsync(cancellation);

        ShouldBeDense();
    }

    private LogRelay Relay(out RelayStatus status, SampleDatabase? process = null)
    {
        status = new RelayStatus(database.Shop.Name);
        return new LogRelay((process ?? database).Shop, topic, status, TimeProvider.System, NullLogger<LogRelay>.Instance);
    }

    private Task FilledAsync(int records) =>
        Eventually.HoldsAsync(
            Timeout, () => Task.FromResult(topic.Count >= records ? null : $"{topic.Count} of {records} records"), cancellation);

    private void ShouldBeDense()
    {
        foreach (var records in topic.Records)
            records.Select(record => record.Offset).ShouldBe(Enumerable.Range(0, records.Count).Select(offset => (long)offset));
    }
}
