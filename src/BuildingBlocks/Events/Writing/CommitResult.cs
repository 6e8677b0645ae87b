using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>What became of a commit.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="Refusal">For <see cref="CommitStatus.Refused"/>: what to tell the caller.</param>
public readonly record struct CommitResult(CommitStatus Status, Error? Refusal = null)
{
    /// <summary>State and events are stored.</summary>
    public static CommitResult Committed { get; } = new(CommitStatus.Committed);

    /// <summary>Another writer of the same stream was faster.</summary>
    public static CommitResult Conflict { get; } = new(CommitStatus.Conflict);
}
