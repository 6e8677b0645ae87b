namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>An event with what led to it and what it led to, across all modules of this process.</summary>
/// <param name="Event">The event.</param>
/// <param name="CausedBy">The event that led to it; null where it came from outside, or where no log here has it.</param>
/// <param name="Caused">The events that it led to, in the order of time.</param>
/// <param name="Correlated">Every event that follows from the same request of the outside, this one included, in the order of time.</param>
/// <param name="Truncated">Whether one of the two lists is longer than what is shown.</param>
internal sealed record EventTraceBody(EventBody Event, EventBody? CausedBy, IReadOnlyList<EventBody> Caused, IReadOnlyList<EventBody> Correlated, bool Truncated);
