using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>The result of a commit.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Refusal">For <see cref="CommitStatus.Refused"/>: the error to return to the caller.</param>
public readonly record struct CommitResult(CommitStatus Status, Error? Refusal = null)
{
    /// <summary>State and events are stored.</summary>
    public static CommitResult Committed { get; } = new(CommitStatus.Committed);

    /// <summary>Another writer changed the same stream first.</summary>
    public static CommitResult Conflict { get; } = new(CommitStatus.Conflict);
}

/// <summary>The outcomes of a commit.</summary>
public enum CommitStatus
{
    /// <summary>State and events are stored, or there was nothing to store.</summary>
    Committed,

    /// <summary>Another writer changed the same stream first. Nothing is stored.</summary>
    Conflict,

    /// <summary>Another request stored the same idempotency key. Nothing is stored.</summary>
    KeyInUse,

    /// <summary>A constraint of the database, such as a unique name, was violated. Nothing is stored.</summary>
    Refused,
}
