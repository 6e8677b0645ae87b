using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>An event that a batch adds to the dead letters.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <param name="Key">The key of the row that the event would change.</param>
/// <param name="Record">The event.</param>
/// <param name="Reason">Why it cannot be applied; null if only an earlier event of the same key cannot be applied.</param>
public readonly record struct DeadLetterEvent<TKey>(TKey Key, LogRecord Record, string? Reason);
