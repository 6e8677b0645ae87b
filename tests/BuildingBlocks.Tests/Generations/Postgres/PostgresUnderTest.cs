using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Postgres;
using Monolith.BuildingBlocks.Tests.Sample;
using Npgsql;

namespace Monolith.BuildingBlocks.Tests.Generations.Postgres;

/// <summary>Rows in PostgreSQL: everything is looked at by SQL.</summary>
internal sealed class PostgresUnderTest : StoreUnderTest
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    internal override string Name => "postgres";

    // JSON has no other way to say it, and a text column takes no other offence.
    internal override (string Name, string Reason) Refused => ("a\\u0000b", "22021");

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal override OpenedStore<TRow> Open<TRow>(ProjectionDefinition definition)
    {
        var process = Database.OfAnotherProcess();
        return new(
            new PostgresStore<Guid, TRow>(process.Shop.Database.App, SampleDatabase.ReadSchema, definition, new PostgresTable("counters", "counter_id"), Json), process.DisposeAsync);
    }

    internal override async Task<List<TRow>> SeenAsync<TRow>(string? snapshot = null)
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

    internal override Task<bool> HasSnapshotAsync(string snapshot) => Database.ScalarAsync<bool>($"select to_regclass('shop_read.\"counters_at_{snapshot}\"') is not null");

    internal override async Task<CounterReader> NewReaderAsync()
    {
        var connection = await Database.Superuser.OpenConnectionAsync();
        return new(
            async counter =>
            {
                await using var command = new NpgsqlCommand("select events from shop_read.counters where counter_id = $1", connection) { Parameters = { new() { Value = counter } } };
                return await command.ExecuteScalarAsync() as int? ?? 0;
            },
            connection.DisposeAsync);
    }

    internal override Task<bool> HasRowsAsync(int generation) => Database.ScalarAsync<bool>($"select to_regclass('shop_read.counters_g{generation}') is not null");

    internal override async Task<string?> LeftOfAsync(int generation)
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

    internal override async Task DamageAsync(int generation, IReadOnlyList<CounterRow> written, IReadOnlyList<Guid> removed)
    {
        foreach (var row in written)
        {
            await Database.ExecuteAsync(
                $"""
                insert into shop_read.counters_g{generation} (counter_id, total, events) values ('{row.CounterId}', {row.Total}, {row.Events})
                on conflict (counter_id) do update set total = excluded.total, events = excluded.events
                """);
        }

        foreach (var key in removed)
            await Database.ExecuteAsync($"delete from shop_read.counters_g{generation} where counter_id = '{key}'");
    }
}
