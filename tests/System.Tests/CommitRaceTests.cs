using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Customers.Contracts;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Npgsql;
using Partitioner = Monolith.BuildingBlocks.Events.Partitioner;

namespace Monolith.System.Tests;

[Trait("Category", "System")]
public sealed class CommitRaceTests(Servers servers)
{
    private const int Writers = 16;
    private const int TransactionsOfEach = 2_000;
    private const int Partitions = 32;
    private const int BatchSize = 100;
    private const double LongestDelaySeconds = 0.003;

    private static readonly TimeSpan FollowedWithin = TimeSpan.FromMinutes(3);

    private readonly int seed = TestSeed.Next();

    [Fact]
    public async Task Reader_sees_events_of_racing_writers_once_in_order()
    {
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var database = await servers.NewDatabaseAsync();
        await using var module = new ModuleDatabase(
            "Customers", new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Monolith", database)]).Build());
        var log = new PostgresLog(module, new EventCatalogue(CustomersTopic.Name, CustomersJson.Contracts), Partitions);
        var all = Writers * TestScale.Of(TransactionsOfEach);

        var seen = new ConcurrentQueue<LogRecord>();
        var following = FollowAsync(new PostgresLogReader(log, module.Reader), seen, all);
        await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(module.App, new Random(seed + writer)))));
        await following;

        await using var sql = NpgsqlDataSource.Create(database);
        var written = await WrittenLog.ReadAsync(sql, "customers");
        written.ShouldBeDense();
        written.Events.Count.ShouldBe(all);
        seen.OrderBy(record => record.Partition).Select(record => (record.Partition, record.Offset, record.EventId))
            .ShouldBe(written.Events.Select(logged => (logged.Partition, logged.Offset, logged.Id)));
    }

    /// <summary>Single-event transactions, each open for a random time after its offset is assigned.</summary>
    private static async Task WriteAsync(NpgsqlDataSource app, Random random)
    {
        for (var i = 0; i < TestScale.Of(TransactionsOfEach); i++)
        {
            var stream = Guid.CreateVersion7();
            await using var batch = app.CreateBatch();
            var insert = new NpgsqlBatchCommand(
                """
                insert into customers.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
                values ($1, $2, $3, 1, 'customer.registered.v1', '{}', now(), $2)
                """);
            insert.Parameters.Add(new() { Value = Partitioner.PartitionOf(stream, Partitions) });
            insert.Parameters.Add(new() { Value = Guid.CreateVersion7() });
            insert.Parameters.Add(new() { Value = stream });
            batch.BatchCommands.Add(insert);
            batch.BatchCommands.Add(
                new NpgsqlBatchCommand("select pg_sleep($1)")
                {
                    Parameters = { new() { Value = random.NextDouble() * LongestDelaySeconds } },
                });
            await batch.ExecuteNonQueryAsync();
        }
    }

    /// <summary>Reads continuously from its checkpoint, as the relay does. Any gap, repetition or step back fails.</summary>
    private static Task FollowAsync(PostgresLogReader reader, ConcurrentQueue<LogRecord> seen, int all)
    {
        var next = new long[Partitions];
        return Eventually.HoldsAsync(FollowedWithin, async () =>
        {
            var records = new List<LogRecord>();
            await reader.ReadAsync(
                [
                    .. next.Select((offset, partition) => new PartitionOffset(partition, offset))
                ], BatchSize, records, CancellationToken.None);
            foreach (var record in records)
            {
                seen.Enqueue(record);
                next[record.Partition] = record.Offset + 1;
            }

            return seen.Count >= all ? null : $"read {seen.Count} of {all}";
        });
    }
}
