namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>The outcomes of a commit.</summary>
public enum CommitStatus
{
    /// <summary>State and events are stored, or there was nothing to store.</summary>
    Committed,

    /// <summary>Another writer of the same stream was faster; nothing is stored.</summary>
    Conflict,

    /// <summary>Another request stored the same idempotency key; nothing is stored.</summary>
    KeyInUse,

    /// <summary>A rule that only the database can hold (a unique name) refused it; nothing is stored.</summary>
    Refused,
}
