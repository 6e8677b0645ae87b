namespace Monolith.BuildingBlocks.Postgres;

/// <summary>The database of a module that this process runs.</summary>
internal sealed record RegisteredDatabase(ModuleDatabase Database);
