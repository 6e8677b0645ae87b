using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Registers projections whose rows are in PostgreSQL.</summary>
public static class PostgresProjections
{
    /// <summary>Keeps the rows in PostgreSQL and starts the projection with the host.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="table">The view's name and the key column.</param>
    /// <param name="json">The JSON context for columns that PostgreSQL has no type for.</param>
    /// <exception cref="InvalidOperationException">The registration is invalid; the message says why.</exception>
    public static void ToPostgres(this ProjectionBuilder projection, PostgresTable table, JsonSerializerContext? json = null) =>
        projection.To(new PostgresStoreProvider(projection.Module, table, json));
}
