using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Creates what a projection needs: the tables of the registry, the first generation, and the view that queries read.</summary>
internal sealed class PostgresPreparation(
    string schema, ProjectionDefinition projection, PostgresTable table, PostgresGenerations generations, QueryView view)
{
    /// <summary>Creates what is missing, in the caller's transaction, which must hold the lock of the registry.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await SchemaVersionAsync(connection, cancellation) < StoreSchema.Version)
            await connection.ExecuteAsync(StoreSchema.Sql(schema), cancellation);
        if ((await generations.ListAsync(connection, cancellation)).Count == 0)
        {
            var first = new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, null);
            await generations.InsertAsync(connection, 1, first, cancellation);
        }
        await PrepareViewAsync(connection, cancellation);
    }

    private async Task<int> SchemaVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection)
        {
            Parameters = { new() { Value = $"{schema}.store_schema" } },
        };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return 0;
        await using var version = new NpgsqlCommand($"select version from {schema}.store_schema", connection);
        return await version.ExecuteScalarAsync(cancellation) as int? ?? 0;
    }

    // Before the first promotion the view throws: a read model that is built for the first time must not look empty.
    private async Task PrepareViewAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var existing = await view.ColumnsAsync(connection, cancellation);
        if (existing.Count > 0 && !view.Lacks(existing))
            return;
        var all = await generations.ListAsync(connection, cancellation);
        var live = all.FirstOrDefault(generation => generation.State == GenerationState.Live);
        var source = live ?? all.First(generation => !generation.IsGone);
        var filter = live is null ? $" where {schema}.refuse_unbuilt('{projection.Name}')" : "";
        var sql = await view.OverAsync(connection, table.Name, generations.TableName(source.Number), filter, cancellation);
        await connection.ExecuteAsync(sql, cancellation);
    }
}
