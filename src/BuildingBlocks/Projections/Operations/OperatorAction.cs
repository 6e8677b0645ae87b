namespace Monolith.BuildingBlocks.Projections.Operations;

/// <summary>One entry of the record of what operators did: that something was asked for, or what became of it. Entries are only ever added.</summary>
/// <param name="At">When.</param>
/// <param name="Operation">The operation that it belongs to.</param>
/// <param name="Actor">Who asked; null where nobody said.</param>
/// <param name="Action">What, in words (<c>discard b7… (test data)</c>).</param>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation; null where it is about none.</param>
/// <param name="Outcome">The state of the operation from then on.</param>
/// <param name="Detail">What became of it, or why not; null where there is nothing to say.</param>
/// <param name="Sequence">Its place in the record of its store.</param>
public sealed record OperatorAction(DateTimeOffset At, Guid Operation, string? Actor, string Action, string Projection, int? Generation, OperationState Outcome, string? Detail, long Sequence);

/// <summary>The place of an entry in the record of what operators did, over all projections: by time, and where several have the same, by operation.</summary>
/// <param name="At">When.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Sequence">The place in the record of its store.</param>
public readonly record struct ActionCursor(DateTimeOffset At, Guid Operation, long Sequence);
