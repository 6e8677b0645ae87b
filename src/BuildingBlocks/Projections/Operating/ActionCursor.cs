namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>The place of an entry in the record of what operators did, over all projections: by time, and where several have the same, by operation.</summary>
/// <param name="At">When.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Sequence">The place in the record of its store.</param>
public readonly record struct ActionCursor(DateTimeOffset At, Guid Operation, long Sequence);
