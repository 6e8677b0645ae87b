namespace Monolith.Host.Cli.Events;

/// <summary>An event with what led to it and what it led to.</summary>
internal sealed record EventTrace(EventEntry Event, EventEntry? CausedBy, IReadOnlyList<EventEntry> Caused, IReadOnlyList<EventEntry> Correlated, bool Truncated);
