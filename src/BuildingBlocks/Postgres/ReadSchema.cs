namespace Monolith.BuildingBlocks.Postgres;

/// <summary>
/// The schema for query stores of a module in PostgreSQL. The app role owns it, so that the running module can create and drop generations.
/// </summary>
/// <param name="Module">The module's name.</param>
public sealed record ReadSchema(string Module)
{
    /// <summary>The schema's name (<c>orders_read</c>).</summary>
    public string Name => $"{Module.ToLowerInvariant()}_read";
}
