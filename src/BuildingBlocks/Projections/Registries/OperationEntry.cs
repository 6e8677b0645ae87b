using Monolith.BuildingBlocks.Projections.Operating;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>An operation in the registry.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Action">What was asked for, in words.</param>
/// <param name="Asking">What it asks of parked events that has not come to the rows yet.</param>
internal sealed record OperationEntry(Operation Operation, string Action, OpenRequest? Asking = null);
