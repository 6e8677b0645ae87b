using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>An event on its way among the dead letters.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <param name="Key">The key that is parked.</param>
/// <param name="Record">The event.</param>
/// <param name="Reason">Why it cannot be applied; null where it waits behind one that cannot.</param>
public readonly record struct DeadLetterEvent<TKey>(TKey Key, LogRecord Record, string? Reason);
