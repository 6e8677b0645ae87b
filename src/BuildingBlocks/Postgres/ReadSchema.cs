namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Says that a module keeps query stores in PostgreSQL: in a schema of their own, owned by the running module, so that it may make and drop generations.</summary>
/// <param name="Module">The module's name.</param>
public sealed record ReadSchema(string Module)
{
    /// <summary>The schema's name (<c>orders_read</c>).</summary>
    public string Name => $"{Module.ToLowerInvariant()}_read";
}
