using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The snapshots of a projection in PostgreSQL, one view for each.</summary>
internal sealed partial class PostgresSnapshots(string projection, string schema, PostgresTable table, IGenerationRegistry registry)
    : IProjectionSnapshots
{
    public async Task<Result<T>> ReadAsync<T>(string snapshot, Func<string, Task<T>> read, CancellationToken cancellation)
    {
        // The name becomes part of a statement.
        if (!Name().IsMatch(snapshot))
            return SnapshotErrors.Unknown(projection, snapshot);
        var generations = (await registry.ReadAsync(cancellation)).Generations;
        if (!generations.Any(generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot))
            return SnapshotErrors.Unknown(projection, snapshot);
        try
        {
            return await read($"{schema}.{table.AtSnapshot(snapshot)}");
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Dropped meanwhile.
            return SnapshotErrors.Unknown(projection, snapshot);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,39}\\z")]
    private static partial Regex Name();
}
