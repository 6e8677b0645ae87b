namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The name of a read model in PostgreSQL, and its key column.</summary>
/// <param name="Name">
/// The view over the live generation, without the schema (<c>customers</c>); the tables are <c>customers_g1</c>, <c>customers_g2</c> ….
/// </param>
/// <param name="Key">The key column (<c>customer_id</c>).</param>
public sealed record PostgresTable(string Name, string Key)
{
    /// <summary>The view over a snapshot's table, without the schema, quoted.</summary>
    internal string AtSnapshot(string snapshot) => $"\"{Name}_at_{snapshot}\"";
}
