using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>An operation in the registry, with what was asked for in words.</summary>
internal sealed record OperationEntry(Operation Operation, string Action);
