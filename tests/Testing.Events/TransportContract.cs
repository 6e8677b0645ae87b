using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Npgsql;

namespace Monolith.Testing.Events;

/// <summary>The contract of every transport.</summary>
public abstract class TransportContract(TestPostgres postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(45);

    private IRunningTransport running = null!;

    internal SampleDatabase Database { get; private set; } = null!;

    internal IEventTransport Transport => running.Transport;

    internal string Shop => Database.Shop.Name;

    public async ValueTask InitializeAsync()
    {
        Database = await postgres.NewAsync();
        running = await StartAsync(Database);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (running is not null)
            await running.DisposeAsync();
        await Database.DisposeAsync();
    }

    internal abstract Task<IRunningTransport> StartAsync(SampleDatabase database);

    [Fact]
    public async Task Events_arrive_unchanged_in_partition_order()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(3);
        await writer.CountAsync(streams, 20);
        await using var probe = Open();
        await probe.UntilRecordsAsync(240);
        await writer.CountAsync(streams, 5);
        await probe.UntilRecordsAsync(300);

        await ShouldBeTheLogAsync(probe.Records);
    }

    [Fact]
    public async Task Unknown_types_are_delivered_unchanged()
    {
        const string odd = "{ \"b\" : 1.50,\n \"a\":\"\\u00e9 é 😀\", \"b\":2 }";
        await new PostgresWriter(Database.Shop).AppendAsync([(SampleWriter.StreamsIn(1, 1)[0], "shop.unheard-of.v9", odd)]);
        await using var probe = Open();
        await probe.UntilRecordsAsync(1);

        await ShouldBeTheLogAsync(probe.Records);
        probe.Records[0].Type.ShouldBe("shop.unheard-of.v9");
        System.Text.Encoding.UTF8.GetString(probe.Records[0].Data.Span).ShouldBe(odd);
    }

    [Fact]
    public async Task Reader_continues_at_the_last_applied_record()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 10);
        var checkpoints = new MemoryCheckpoints();
        await using (var first = Open(checkpoints: checkpoints))
        {
            await first.UntilRecordsAsync(40);
            // Partition 3 was never applied.
            foreach (var partition in new[] { 0, 1, 2 })
                checkpoints.Set(first.Of(new(Shop, partition))[partition * 4], first.SourceOf(Shop));
        }

        await using var second = Open("second", checkpoints);
        await second.UntilAsync(
            "the rest", probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 9));

        foreach (var (partition, first) in new[] { (0, 0), (1, 4), (2, 8), (3, 0) })
            second.Of(new(Shop, partition)).Select(record => record.Offset)
                .ShouldBe(Enumerable.Range(first, 10 - first).Select(offset => (long)offset));
        second.Points.ShouldAllBe(point => point.Epoch == 2);
    }

    [Fact]
    public async Task Uncommitted_events_are_delivered_again()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 3);
        for (var time = 0; time < 2; time++)
        {
            await using var probe = Open();
            await probe.UntilRecordsAsync(12);
            await ShouldBeTheLogAsync(probe.Records);
        }
    }

    [Fact]
    public async Task Head_of_every_partition_is_reported_after_each_read()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.StreamsIn(0, 1);
        await writer.CountAsync(streams, 5);
        await using var probe = Open();
        await probe.UntilAsync(
            "all ended", p => p.Records.Length == 5 && Enumerable.Range(0, 4).All(partition => p.HasEnded(new(Shop, partition))));

        await writer.CountAsync(streams, 1);

        await probe.UntilAsync("ended again", p => p.Records.Length == 6 && p.HasEnded(new(Shop, 0)));
    }

    [Fact]
    public async Task One_subscription_reads_several_logs()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 5);
        var counter = SampleWriter.StreamsIn(2, 1)[0];
        await new PostgresWriter(Database.Depot).AppendAsync((counter, new Stocked(counter, 7)));
        await using var probe = Open(logs: [Shop, Database.Depot.Name]);

        await probe.UntilRecordsAsync(21);

        probe.Records.Count(record => record.Log == Database.Depot.Name && record.Type == "depot.stocked.v1").ShouldBe(1);
        probe.Owned.Count.ShouldBe(8);
    }

    [Fact]
    public async Task Reassigned_partition_continues_from_its_checkpoint()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 6);
        await using var probe = Open();
        await probe.UntilRecordsAsync(24);
        probe.Checkpoints.Set(probe.Of(new(Shop, 1))[3], probe.SourceOf(Shop));

        probe.Reassign(new LogPartition(Shop, 1));
        await probe.UntilAsync(
            "the second part of partition 1 again", p => p.Of(new(Shop, 1)).Select(record => record.Offset).SequenceEqual([3, 4, 5]));

        probe.Points.Where(point => point.Epoch == 2).ShouldHaveSingleItem().Partition.ShouldBe(new LogPartition(Shop, 1));
        foreach (var partition in new[] { 0, 2, 3 })
            probe.Of(new(Shop, partition)).Select(record => record.Offset).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Unavailable_store_is_reported_and_retried()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 1);
        var checkpoints = new MemoryCheckpoints();
        checkpoints.Failures.Enqueue(new NpgsqlException("the store is away"));
        await using var probe = Open(checkpoints: checkpoints);

        await probe.UntilRecordsAsync(4);

        probe.Received.OfType<ReaderEvent.AvailabilityChanged>()
            .ShouldContain(trouble => trouble.Problem != null && trouble.Problem.Contains("the store is away"));
        await probe.UntilAsync("trouble over", p => p.Received.OfType<ReaderEvent.AvailabilityChanged>().Last().Problem is null);
    }

    [Fact]
    public async Task Late_claim_continues_at_the_last_applied_record()
    {
        await new PostgresWriter(Database.Shop).CountAsync(SampleWriter.Streams(1), 10);
        var checkpoints = new MemoryCheckpoints();
        await using (var first = Open(checkpoints: checkpoints))
        {
            await first.UntilRecordsAsync(40);
            for (var partition = 0; partition < 4; partition++)
                checkpoints.Set(first.Of(new(Shop, partition))[6], first.SourceOf(Shop));
        }

        checkpoints.Failures.Enqueue(new NpgsqlException("the store is away"));
        await using var second = Open("second", checkpoints);
        await second.UntilAsync(
            "the rest", probe => Enumerable.Range(0, 4).All(partition => probe.Of(new(Shop, partition)).LastOrDefault()?.Offset == 9));

        for (var partition = 0; partition < 4; partition++)
            second.Of(new(Shop, partition)).Select(record => record.Offset).ShouldBe([6, 7, 8, 9]);
    }

    [Fact]
    public async Task Slow_consumer_loses_no_events()
    {
        var writer = new PostgresWriter(Database.Shop);
        var streams = SampleWriter.Streams(2);
        await writer.CountAsync(streams, 1_000);
        await using var reader = Transport.Open(new Subscription($"slow.{Shop}", [Shop], new MemoryCheckpoints().TakeAsync));
        // No event is consumed until the reader has filled its buffer.
        await Eventually.HoldsAsync(Timeout, "the reader waits for its consumer", () => reader.Events.Count >= 4);
        await writer.CountAsync(streams, 250);

        var records = new List<LogRecord>();
        using var timeout = new CancellationTokenSource(Timeout);
        while (records.Count < 10_000)
        {
            reader.Events.Count.ShouldBeLessThanOrEqualTo(8);
            if (await reader.Events.ReadAsync(timeout.Token) is ReaderEvent.RecordsRead read)
            {
                read.Records.Count.ShouldBeLessThanOrEqualTo(2_000);
                records.AddRange(read.Records);
            }
        }

        await ShouldBeTheLogAsync(records);
    }

    [Fact]
    public async Task Restarts_apply_every_event_exactly_once()
    {
        var writer = new PostgresWriter(Database.Shop);
        var depot = new PostgresWriter(Database.Depot);
        var streams = SampleWriter.Streams(5);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await writer.CountAsync(streams, 1);
                await depot.AppendAsync(
                    [.. streams.Take(5).Select(stream => (stream, (Monolith.BuildingBlocks.Domain.IEvent)new Stocked(stream, 1_000)))]);
            }
        });

        foreach (var part in new[] { 0.1, 0.4, 0.7 })
        {
            var running = await RunAsync();
            await Eventually.HoldsAsync(
                Timeout, async () => await running.AppliedAsync() is var applied && applied >= part * 1_000 ? null : $"{applied} applied");
            // The reader may be anywhere in its loop.
            await running.DisposeAsync();
        }

        await writing;
        await using var last = await RunAsync();
        await last.UntilAppliedAsync(1_000);

        (await Database.ScalarAsync<long>("select count(*) from shop_read.counters")).ShouldBe(streams.Length);
        (await TotalsAsync(streams.Take(5))).ShouldAllBe(total => total == 40_040);
        (await TotalsAsync(streams.Skip(5))).ShouldAllBe(total => total == 40);
    }

    private protected ReaderProbe Open(string group = "first", MemoryCheckpoints? checkpoints = null, params string[] logs) =>
        new(Transport, $"{group}.{Shop}", checkpoints ?? new MemoryCheckpoints(), logs.Length == 0 ? [Shop] : logs);

    private protected async Task ShouldBeTheLogAsync(IReadOnlyCollection<LogRecord> records)
    {
        var log = new List<LogRecord>();
        await new PostgresLogReader(Database.Shop, Database.Shop.Database.Reader).ReadAsync(
            [.. Enumerable.Range(0, 4).Select(partition => new PartitionOffset(partition, 0))], int.MaxValue, log, CancellationToken.None);
        for (var partition = 0; partition < SampleLogs.Partitions; partition++)
            records.Where(record => record.Partition == partition).Select(Text)
                .ShouldBe(log.Where(record => record.Partition == partition).Select(Text));
    }

    private Task<List<long>> TotalsAsync(IEnumerable<Guid> counters) =>
        Database.QueryAsync<long>($"select total from shop_read.counters where counter_id = any('{{{string.Join(',', counters)}}}')");

    private static string Text(LogRecord record) =>
        $"{record.Log} {record.Partition} {record.Offset} {record.EventId} {record.StreamId} {record.StreamVersion} {record.Type} "
        + $"{record.OccurredAt:O} {record.Actor} {record.CorrelationId} "
        + $"{record.CausationId} {record.TraceParent} {System.Text.Encoding.UTF8.GetString(record.Data.Span)}";

    private Task<RunningProjection<CounterRow>> RunAsync()
    {
        var store = new PostgresUnderTest(Database);
        store.Use(Database);
        return RunningProjection.StartAsync(
            Database,
            store,
            new CounterProjection(),
            new()
            {
                Transport = Transport,
                Definition = SampleProjections.Serialized(Database.Shop.Catalogue, Database.Depot.Catalogue) with
                {
                    Name = $"counters.{Shop}",
                },
            });
    }
}
