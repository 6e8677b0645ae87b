using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Generations;

/// <summary>One build of a projection, as its store's registry has it.</summary>
/// <param name="Number">Its number; never used again.</param>
/// <param name="Version">The version of the fold that makes it.</param>
/// <param name="Purpose">What it was made for.</param>
/// <param name="State">What it is good for.</param>
/// <param name="Promotion">What shall happen when it has reached the live one.</param>
/// <param name="Operation">The operation that asked for what it is doing; null where nobody did.</param>
/// <param name="StartedAt">When it was made.</param>
/// <param name="EndedAt">When it came into its final state; null while it moves.</param>
/// <param name="Until">Of a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">Of a snapshot: its name.</param>
/// <param name="Targets">The heads of the logs when it began; null before they were taken.</param>
/// <param name="InMemory">Whether its rows are still folded in memory, so that a crash starts it again from its checkpoints, mostly offset 0.</param>
/// <param name="Folded">What its builder has folded so far, while it is in memory.</param>
/// <param name="RowHash">The hash over its rows, where it was taken.</param>
/// <param name="Reason">Why it failed, was cancelled, or waits.</param>
/// <param name="Cleaned">Of one that is gone: whether nothing of it is left but this entry.</param>
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
    /// <summary>How far its builder is with the writing of rows, while it is in memory; null where it did not say.</summary>
    public FillProgress? Fill { get; init; }

    /// <summary>What was found wrong with the records that it is made from.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Whether it is gone, and only its entry is kept.</summary>
    public bool IsGone => State is GenerationState.Cancelled or GenerationState.Failed or GenerationState.Dropped;

    /// <summary>Whether it is on its way to be promoted, compared, or kept as a snapshot.</summary>
    public bool IsUnderWay => State is GenerationState.Building or GenerationState.Ready || IsReturning;

    /// <summary>Whether it was live once and is being caught up to be so again.</summary>
    public bool IsReturning => State == GenerationState.Retired && Promotion == Promotion.Auto;
}

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

/// <summary>What a generation was made for.</summary>
public enum Purpose
{
    /// <summary>To take the place of the live one.</summary>
    Rebuild,

    /// <summary>To hold the rows as of a time.</summary>
    Snapshot,

    /// <summary>To be compared with the live one, and dropped.</summary>
    Verify,
}

/// <summary>What shall happen with a generation that has reached the live one.</summary>
public enum Promotion
{
    /// <summary>Nothing: it is a snapshot, or nobody has asked.</summary>
    None,

    /// <summary>It waits, ready, until an operator promotes it.</summary>
    Manual,

    /// <summary>It becomes the live one by itself.</summary>
    Auto,
}

/// <summary>How far a build in memory is with the writing of its rows. A row costs about as much to write as an event to fold, so that both count in the time that is left.</summary>
/// <param name="Written">Rows that were given to the store.</param>
/// <param name="Left">Rows that are still to be written: those in memory, and those that the events to come will add if they are like those before.</param>
public readonly record struct FillProgress(long Written, long Left);

/// <summary>A generation to be made.</summary>
/// <param name="Version">The version of the fold.</param>
/// <param name="Purpose">What it is made for.</param>
/// <param name="Promotion">What shall happen when it has reached the live one.</param>
/// <param name="Operation">The operation that asks for it.</param>
/// <param name="Until">Of a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">Of a snapshot: its name.</param>
public sealed record GenerationRequest(int Version, Purpose Purpose, Promotion Promotion, Guid? Operation, DateTimeOffset? Until = null, string? Snapshot = null);
