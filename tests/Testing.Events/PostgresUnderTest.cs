using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.Testing.Events;

/// <summary>Rows in PostgreSQL, inspected by SQL.</summary>
internal sealed class PostgresUnderTest : StoreUnderTest
{
    private const int RowsAtOnce = 2_000;

    /// <summary>
    /// The longest time that a reader may wait for a promotion. PostgreSQL enforces it: a read that would wait longer fails, regardless of
    /// the load on the machine.
    /// </summary>
    private const string LongestWait = "set lock_timeout = '200ms'";

    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly TestPostgres? server;

    /// <summary>Creates a database for the test.</summary>
    public PostgresUnderTest(TestPostgres server) => this.server = server;

    /// <summary>Uses a database of the caller.</summary>
    public PostgresUnderTest(SampleDatabase database) => Database = database;

    public SampleDatabase Database { get; private set; } = null!;

    public override string Name => "postgres";

    // The only invalid value that JSON can express and that a text column refuses.
    public override (string Name, string Reason) Refused => ("a\\u0000b", "22021");

    public override IReadOnlyList<IStorageFailureClassifier> FailureClassifiers => [new NpgsqlFailureClassifier()];

    public override async Task PrepareAsync()
    {
        if (server is not null)
            Database = await server.NewAsync();
    }

    public override SampleLogs NewLogs() => Database;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var process = Database.OfAnotherProcess();
        return new(
            new PostgresStore<Guid, TRow>(
                process.Shop.Database.App,
                SampleDatabase.ReadSchema,
                definition,
                new PostgresTable("counters", "counter_id"),
                Json), process.DisposeAsync);
    }

    public override async Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
    {
        var mapping = new RowMapping<TRow>(Json);
        var view = snapshot is null ? "counters" : $"\"counters_at_{snapshot}\"";
        await using var command = Database.Superuser.CreateCommand($"select {mapping.Names} from shop_read.{view} order by counter_id");
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<TRow>();
        while (await reader.ReadAsync())
            rows.Add(mapping.Read(reader));
        return rows;
    }

    public override Task<bool> HasSnapshotAsync(string snapshot) =>
        Database.ScalarAsync<bool>($"select to_regclass('shop_read.\"counters_at_{snapshot}\"') is not null");

    public override async Task<CounterReader> NewReaderAsync()
    {
        var connection = await Database.Superuser.OpenConnectionAsync();
        await using (var limit = new NpgsqlCommand(LongestWait, connection))
            await limit.ExecuteNonQueryAsync();
        return new(
            async counter =>
            {
                await using var command = new NpgsqlCommand(
                    "select events from shop_read.counters where counter_id = $1",
                    connection) { Parameters = { new() { Value = counter } } };
                return await command.ExecuteScalarAsync() as int? ?? 0;
            },
            connection.DisposeAsync);
    }

    public override Task<bool> HasRowsAsync(int generation) =>
        Database.ScalarAsync<bool>($"select to_regclass('shop_read.counters_g{generation}') is not null");

    public override async Task<string?> LeftOfAsync(int generation)
    {
        if (await HasRowsAsync(generation))
            return "its table";
        foreach (var table in new[] { "checkpoints", "dead_letters" })
        {
            if (await Database.ScalarAsync<long>($"select count(*) from shop_read.{table} where generation = {generation}") > 0)
                return table;
        }

        return null;
    }

    public override async Task<string> RefuseRecordsAsync()
    {
        await Database.ExecuteAsync(
            """
            create or replace function shop_read.full() returns trigger language plpgsql as $$ begin raise exception 'no room'; end $$;
            create trigger full_disk before insert on shop_read.operations for each row execute function shop_read.full();
            """);
        return "no room";
    }

    public override Task TakeRecordsAsync() => Database.ExecuteAsync("drop trigger full_disk on shop_read.operations");

    public override async Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed)
    {
        foreach (var some in written.Chunk(RowsAtOnce))
        {
            await Database.ExecuteAsync(
                $"""
                insert into shop_read.counters_g{generation} (counter_id, total, events) values {string.Join(", ", some.Select(row => $"('{row.CounterId}', {row.Total}, {row.Events})"))}
                on conflict (counter_id) do update set total = excluded.total, events = excluded.events
                """);
        }

        foreach (var key in removed)
            await Database.ExecuteAsync($"delete from shop_read.counters_g{generation} where counter_id = '{key}'");
    }
}
