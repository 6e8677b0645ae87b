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
