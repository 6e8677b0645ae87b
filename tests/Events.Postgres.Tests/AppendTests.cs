using System.Text;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.Testing.Events;
using Npgsql;

namespace Monolith.Events.Postgres.Tests;

/// <summary>Invariants 2 and 3 in the database, for any writer and any input.</summary>
[Trait("Category", "Module")]
public sealed class AppendTests(TestPostgres postgres) : IAsyncLifetime
{
    private readonly CancellationToken cancellation = TestContext.Current.CancellationToken;
    private SampleDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.NewAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Concurrent_writers_get_dense_offsets_in_commit_order()
    {
        const int writers = 12, ofEach = 60;
        var following = Task.Run(async () =>
        {
            var reader = new PostgresLogReader(database.Shop, database.Shop.Database.Reader);
            var next = new long[SampleLogs.Partitions];
            var versions = new Dictionary<Guid, long>();
            var records = new List<LogRecord>();
            while (next.Sum() < writers * ofEach)
            {
                var seen = database.Shop.Signal.Version;
                records.Clear();
                await reader.ReadAsync(
                    [.. next.Select((offset, partition) => new PartitionOffset(partition, offset))], 7, records, cancellation);
                foreach (var record in records)
                {
                    record.Offset.ShouldBe(next[record.Partition]++);
                    record.StreamVersion.ShouldBe(versions[record.StreamId] = versions.GetValueOrDefault(record.StreamId) + 1);
                }

                if (records.Count == 0)
                    await database.Shop.Signal.WaitAsync(seen, cancellation);
            }

            return next;
        });

        await Task.WhenAll(Enumerable.Range(0, writers).Select(i => Task.Run(async () =>
        {
            var writer = new PostgresWriter(database.Shop);
            var stream = SampleWriter.StreamsIn(i % SampleLogs.Partitions, 1);
            for (var n = 0; n < ofEach; n++)
                await writer.CountAsync(stream, 1);
        })));

        var read = await following.WaitAsync(TimeSpan.FromSeconds(60));
        read.ShouldBe(await SampleDatabase.HeadsAsync(database.Shop));
    }

    [Fact]
    public async Task Database_assigns_the_offset()
    {
        await InsertAsync("""partition, "offset" """, "1, 999");
        await InsertAsync("""partition, "offset" """, "1, 0");

        (await database.QueryAsync<long>("""select "offset" from shop.events order by "offset" """)).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Refused_event_leaves_no_gap()
    {
        await InsertAsync("partition", "1");
        await Should.ThrowAsync<PostgresException>(() => InsertAsync("partition", "1", data: "'no json'"));
        await Should.ThrowAsync<PostgresException>(() => InsertAsync("partition", "1", version: 0));
        await InsertAsync("partition", "1");

        (await database.QueryAsync<long>("""select "offset" from shop.events order by "offset" """)).ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Unknown_partition_is_refused() =>
        (await Should.ThrowAsync<PostgresException>(() => InsertAsync("partition", "4"))).MessageText
            .ShouldBe("the log shop has no partition 4");

    [Theory]
    [InlineData("update shop.events set type = 'x'")]
    [InlineData("delete from shop.events")]
    [InlineData("truncate shop.events")]
    public async Task Events_cannot_be_changed(string sql)
    {
        await InsertAsync("partition", "0");

        (await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync(sql, "shop_app"))).MessageText
            .ShouldBe("permission denied for table events");
        (await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync(sql, "shop_owner"))).MessageText
            .ShouldContain("events are immutable");
        (await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync(sql))).MessageText
            .ShouldContain("events are immutable", customMessage: "not even a superuser, by accident");
        (await Should.ThrowAsync<PostgresException>(() => database.ExecuteAsync(sql, "depot_app"))).SqlState
            .ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    [Theory]
    [InlineData(262_144, true)]
    [InlineData(262_145, false)]
    public async Task Data_is_limited_to_256_KiB(int bytes, bool fits)
    {
        // Two bytes per character: the limit counts bytes.
        var text = $"\"{new string('é', (bytes - 2) / 2)}{(bytes % 2 == 0 ? "" : "x")}\"";
        Encoding.UTF8.GetByteCount(text).ShouldBe(bytes);

        if (fits)
            await InsertAsync("partition", "0", data: $"'{text}'");
        else
            (await Should.ThrowAsync<PostgresException>(() => InsertAsync("partition", "0", data: $"'{text}'"))).ConstraintName
                .ShouldBe("ck_events_data_size");
    }

    [Fact]
    public async Task Data_is_read_back_byte_for_byte()
    {
        const string data = "{ \"b\" : 1.50,\n\t\"a\":1.5e2, \"b\":0.0, \"e\":\"\\u00e9 é 😀\", \"n\" : -0 }";
        await new PostgresWriter(database.Shop).AppendAsync([(SampleWriter.StreamsIn(0, 1)[0], "shop.counted.v1", data)]);

        var records = new List<LogRecord>();
        await new PostgresLogReader(database.Shop, database.Shop.Database.Reader)
            .ReadAsync([new PartitionOffset(0, 0)], 10, records, cancellation);

        records.Single().Data.ToArray().ShouldBe(Encoding.UTF8.GetBytes(data));
    }

    [Fact]
    public async Task Batch_is_limited_per_partition_in_offset_order()
    {
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.Streams(1), 10);
        await new PostgresWriter(database.Shop).CountAsync(SampleWriter.StreamsIn(2, 1), 1);
        var reader = new PostgresLogReader(database.Shop, database.Shop.Database.Reader);
        var records = new List<LogRecord>();

        PartitionOffset[] from = [new(0, 0), new(1, 8), new(2, 11), new(3, 500)];
        await reader.ReadAsync(from, 4, records, cancellation);

        records.Select(record => (record.Partition, record.Offset)).ShouldBe([(0, 0), (0, 1), (0, 2), (0, 3), (1, 8), (1, 9)]);
        records.ShouldAllBe(
            record => record.Position == record.Offset && record.Log == database.Shop.Name && record.OccurredAt.Offset == TimeSpan.Zero);
        (await reader.HeadsAsync(cancellation)).ShouldBe([10, 10, 11, 10]);
        (await reader.EventIdAsync(new PartitionOffset(0, 3), cancellation)).ShouldBe(records[3].EventId);
        (await reader.EventIdAsync(new PartitionOffset(0, 10), cancellation)).ShouldBeNull();
    }

    private Task InsertAsync(string columns, string values, string data = "'{}'", long version = 1) => database.ExecuteAsync(
        $"insert into shop.events ({columns}, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id) "
        + $"values ({values}, gen_random_uuid(), gen_random_uuid(), {version}, 't', {data}, now(), gen_random_uuid())",
        "shop_app");
}
