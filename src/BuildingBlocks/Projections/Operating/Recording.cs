namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>What the record of operators says of a step; a store writes it in the step's own transaction, so that nothing is done that nobody recorded.</summary>
/// <param name="Operation">The operation, as it is with the step.</param>
/// <param name="Action">What was asked for, in words.</param>
public sealed record Recording(Operation Operation, string Action);
