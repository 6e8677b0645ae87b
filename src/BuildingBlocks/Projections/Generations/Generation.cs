using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>One build of a projection, as the registry stores it.</summary>
/// <param name="Number">Its number; numbers are never reused.</param>
/// <param name="Version">The version of the fold that builds it.</param>
/// <param name="Purpose">What it was created for.</param>
/// <param name="State">Its state.</param>
/// <param name="Promotion">What happens when it has caught up with the live generation.</param>
/// <param name="Operation">The operation that is running for it, if there is one.</param>
/// <param name="StartedAt">When it was created.</param>
/// <param name="EndedAt">When it reached its final state; null before.</param>
/// <param name="Until">For a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">For a snapshot: its name.</param>
/// <param name="Targets">The heads of the logs when its build started; null before.</param>
/// <param name="InMemory">
/// Whether its rows are still folded in memory. After a crash the build then starts again from its checkpoints.
/// </param>
/// <param name="Folded">The offsets folded so far, while it is in memory.</param>
/// <param name="RowHash">The hash over its rows, if it was computed.</param>
/// <param name="Reason">Why it failed, was cancelled, or waits.</param>
/// <param name="Cleaned">Whether only this entry is left of a generation that has ended.</param>
public sealed record Generation(
    int Number,
    int Version,
    Purpose Purpose,
    GenerationState State,
    Promotion Promotion,
    Guid? Operation,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? Until,
    string? Snapshot,
    IReadOnlyDictionary<LogPartition, long>? Targets,
    bool InMemory,
    IReadOnlyDictionary<LogPartition, long>? Folded,
    string? RowHash,
    string? Reason,
    bool Cleaned)
{
    /// <summary>The progress of writing rows, while it is in memory.</summary>
    public FillProgress? Fill { get; init; }

    /// <summary>Faults found in the records that it is built from.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Whether it has ended, and only its entry is kept.</summary>
    public bool IsGone => State is GenerationState.Cancelled or GenerationState.Failed or GenerationState.Dropped;

    /// <summary>Whether it is on its way to be promoted, compared, or kept as a snapshot.</summary>
    public bool IsUnderWay => State is GenerationState.Building or GenerationState.Ready || IsCatchingUp;

    /// <summary>Whether it is retired and catches up to be promoted again.</summary>
    public bool IsCatchingUp => State == GenerationState.Retired && Promotion == Promotion.Auto;
}

/// <summary>The state of a generation.</summary>
public enum GenerationState
{
    /// <summary>It replays the log.</summary>
    Building,

    /// <summary>It is built, follows the log, and waits to be promoted by an operator.</summary>
    Ready,

    /// <summary>Queries read it.</summary>
    Live,

    /// <summary>It was live, and is kept for a rollback.</summary>
    Retired,

    /// <summary>An operator cancelled its build; only this entry is left.</summary>
    Cancelled,

    /// <summary>Its build failed; only this entry is left, with the reason.</summary>
    Failed,

    /// <summary>It holds the rows as of a time, under a name, and never changes.</summary>
    Snapshot,

    /// <summary>It was retired or a snapshot; only this entry is left.</summary>
    Dropped,
}

/// <summary>What a generation was created for.</summary>
public enum Purpose
{
    /// <summary>To replace the live generation.</summary>
    Rebuild,

    /// <summary>To hold the rows as of a time.</summary>
    Snapshot,

    /// <summary>To be compared with the live generation, and dropped.</summary>
    Verify,
}

/// <summary>What happens when a generation has caught up with the live one.</summary>
public enum Promotion
{
    /// <summary>Nothing: it is a snapshot, or its promotion was not requested.</summary>
    None,

    /// <summary>It becomes ready and waits until an operator promotes it.</summary>
    Manual,

    /// <summary>It is promoted automatically.</summary>
    Auto,
}

/// <summary>A generation to create.</summary>
/// <param name="Version">The version of the fold.</param>
/// <param name="Purpose">What it is created for.</param>
/// <param name="Promotion">What happens when it has caught up with the live generation.</param>
/// <param name="Operation">The operation that requests it.</param>
/// <param name="Until">For a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">For a snapshot: its name.</param>
public sealed record GenerationRequest(
    int Version, Purpose Purpose, Promotion Promotion, Guid? Operation, DateTimeOffset? Until = null, string? Snapshot = null);

/// <summary>The progress of writing rows that were folded in memory.</summary>
/// <param name="Written">Rows written so far.</param>
/// <param name="Left">Rows still to write, including an estimate for the events that were not folded yet.</param>
public readonly record struct FillProgress(long Written, long Left);
