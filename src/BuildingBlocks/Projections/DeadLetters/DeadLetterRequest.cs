using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>What an operator wants to happen with a parked key.</summary>
public enum DeadLetterRequest
{
    /// <summary>Its events are applied again, in order.</summary>
    Requeue,

    /// <summary>Its events are given up.</summary>
    Discard,
}

/// <summary>A parked key that an operator asked something about, with its first parked events.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Asked">What was asked.</param>
/// <param name="Operation">The operation that asked.</param>
/// <param name="Records">Its first parked events, in the order in which they are to be applied.</param>
public sealed record DeadLetterKey<TKey>(TKey Key, DeadLetterRequest Asked, Guid Operation, IReadOnlyList<LogRecord> Records);
