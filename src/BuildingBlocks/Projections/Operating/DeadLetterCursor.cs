namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>The place of a parked event in the list of its projection: the newest generation first, and in each the order in which events were parked.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Sequence">The place among what its store has parked.</param>
public readonly record struct DeadLetterCursor(int Generation, long Sequence);
