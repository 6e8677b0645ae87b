using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.DeadLetters;

/// <summary>What an operator requests for the dead letters of a key.</summary>
public enum DeadLetterRequest
{
    /// <summary>Apply the events again, in order.</summary>
    Requeue,

    /// <summary>Drop the events; they stay in the log.</summary>
    Discard,
}

/// <summary>A key with a request that was not carried out yet, and its first dead letters.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <param name="Key">The key.</param>
/// <param name="Request">The request.</param>
/// <param name="Operation">The operation that requests it.</param>
/// <param name="Records">The first dead letters of the key, in the order in which they are to be applied.</param>
public sealed record PendingRequest<TKey>(TKey Key, DeadLetterRequest Request, Guid Operation, IReadOnlyList<LogRecord> Records);
