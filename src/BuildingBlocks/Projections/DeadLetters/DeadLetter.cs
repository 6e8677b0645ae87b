namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>A dead letter: an event that could not be applied, or a later event of the same key.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Generation">The generation that could not apply it.</param>
/// <param name="Key">The key of the row that the event would change.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Log">Its log.</param>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Reason">Why it cannot be applied; null if only an earlier event of the same key cannot be applied.</param>
/// <param name="ParkedAt">When it became a dead letter.</param>
/// <param name="Asked">The pending request: <c>requeue</c> or <c>discard</c>; null if there is none.</param>
/// <param name="Sequence">Its position among the dead letters of its store.</param>
public sealed record DeadLetter(
    string Projection,
    int Generation,
    string Key,
    Guid EventId,
    string Type,
    string Log,
    int Partition,
    long Offset,
    string? Reason,
    DateTimeOffset ParkedAt,
    string? Asked,
    long Sequence);

/// <summary>
/// A position in the list of a projection's dead letters: the newest generation first, and within a generation the order in which events
/// became dead letters.
/// </summary>
/// <param name="Generation">The generation.</param>
/// <param name="Sequence">The position among the dead letters of its store.</param>
public readonly record struct DeadLetterCursor(int Generation, long Sequence);
