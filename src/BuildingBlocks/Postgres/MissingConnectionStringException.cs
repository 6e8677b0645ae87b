namespace Monolith.BuildingBlocks.Postgres;

/// <summary>No connection string is configured for a module.</summary>
/// <param name="module">The module.</param>
public sealed class MissingConnectionStringException(string module)
    : Exception($"No database is configured: set ConnectionStrings__Monolith (or ConnectionStrings__{module} for a database of this module's own).");
