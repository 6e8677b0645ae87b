namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>What a generation is good for.</summary>
public enum GenerationState
{
    /// <summary>It replays the log and is not within reach of its head yet.</summary>
    Building,

    /// <summary>It is built and follows the log; it waits to be promoted by hand.</summary>
    Ready,

    /// <summary>It answers the queries.</summary>
    Live,

    /// <summary>It was live once, and is kept for a rollback.</summary>
    Retired,

    /// <summary>An operator stopped its build; nothing of it is left but this entry.</summary>
    Cancelled,

    /// <summary>Its build ended by a failure; nothing of it is left but this entry, which says why.</summary>
    Failed,

    /// <summary>It holds the rows as of a time, under a name, and never changes.</summary>
    Snapshot,

    /// <summary>It was retired or a snapshot, and is gone.</summary>
    Dropped,
}
