using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>What has to be there before a projection runs: the tables of the registry, a first generation, and the view that queries read.</summary>
internal sealed class PostgresPreparation(string schema, ProjectionDefinition projection, PostgresTable table, PostgresGenerations generations, QueryView view)
{
    /// <summary>Makes what is missing, within the caller's transaction, which nobody else is to change the registry in.</summary>
    public async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (await SchemaVersionAsync(connection, cancellation) < StoreSchema.Version)
            await connection.ExecuteAsync(StoreSchema.Sql(schema), cancellation);
        if ((await generations.ListAsync(connection, cancellation)).Count == 0)
            await generations.InsertAsync(connection, 1, new GenerationRequest(projection.Version, Purpose.Rebuild, Promotion.Auto, null), cancellation);
        await PrepareViewAsync(connection, cancellation);
    }

    private async Task<int> SchemaVersionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = $"{schema}.store_schema" } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return 0;
        await using var version = new NpgsqlCommand($"select version from {schema}.store_schema", connection);
        return await version.ExecuteScalarAsync(cancellation) as int? ?? 0;
    }

    // Before the first promotion the view refuses to answer: a store that is being built for the first time must not look like an empty one.
    private async Task PrepareViewAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var there = await view.ColumnsAsync(connection, cancellation);
        var missing = there.Count == 0;
        if (!missing && !view.Lacks(there))
            return;

        var known = await generations.ListAsync(connection, cancellation);
        var live = known.FirstOrDefault(generation => generation.State == GenerationState.Live);
        var under = live ?? known.First(generation => !generation.IsGone);
        var filter = live is null ? $" where {schema}.refuse_unbuilt('{projection.Name}')" : "";
        await connection.ExecuteAsync(await view.OverAsync(connection, table.Name, generations.TableName(under.Number), filter, cancellation), cancellation);
    }
}
