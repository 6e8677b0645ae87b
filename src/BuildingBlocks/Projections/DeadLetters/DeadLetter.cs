namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>A parked event: one that could not be applied, or a later one of the same key.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation that could not apply it.</param>
/// <param name="Key">The key that is parked.</param>
/// <param name="EventId">The event.</param>
/// <param name="Type">Its type.</param>
/// <param name="Log">Its log.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reason">Why it cannot be applied; null where it only waits behind one that cannot.</param>
/// <param name="ParkedAt">Since when.</param>
/// <param name="Asked">What an operator asked for that is not done yet: <c>requeue</c> or <c>discard</c>; else null.</param>
/// <param name="Sequence">Its place among what its store has parked.</param>
public sealed record DeadLetter(
    string Projection, int Generation, string Key, Guid EventId, string Type, string Log, int Partition, long Offset, string? Reason, DateTimeOffset ParkedAt, string? Asked, long Sequence);

/// <summary>The place of a parked event in the list of its projection: the newest generation first, and in each the order in which events were parked.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="Sequence">The place among what its store has parked.</param>
public readonly record struct DeadLetterCursor(int Generation, long Sequence);
