using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>The state of a projection.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">The module that owns it, in lower case (<c>orders</c>).</param>
/// <param name="Store">The kind of store that holds its rows: <c>postgres</c>, <c>lucene</c>, <c>duckdb</c>.</param>
/// <param name="Version">The version of the fold in this binary.</param>
/// <param name="Live">The number of the live generation; null before the first is built.</param>
/// <param name="Paused">Whether an operator paused it.</param>
/// <param name="Generations">Its generations, oldest first, without those that were dropped.</param>
/// <param name="DeadLetters">The number of dead letters of the live generation.</param>
/// <param name="Notes">Notes for operators, in sentences.</param>
public sealed record ProjectionReport(
    string Name,
    string Module,
    string Store,
    int Version,
    int? Live,
    bool Paused,
    IReadOnlyList<GenerationReport> Generations,
    long DeadLetters,
    IReadOnlyList<string> Notes);

/// <summary>The progress of a generation.</summary>
/// <param name="Number">Its number; numbers are never reused.</param>
/// <param name="Version">The version of the fold that builds it.</param>
/// <param name="State">Its state.</param>
/// <param name="Promote">What happens when it has caught up with the live generation.</param>
/// <param name="Applied">Events applied; at most <paramref name="Total"/> while it is built.</param>
/// <param name="Total">Events in the logs when its build started; for a live generation, events in the logs.</param>
/// <param name="RatePerSecond">Events a second, smoothed; null while unknown.</param>
/// <param name="EtaSeconds">Seconds until it has reached the head and written the rows that are in memory; null while unknown.</param>
/// <param name="LagEvents">Events in the logs that it has not applied; null if the heads cannot be read.</param>
/// <param name="LagSeconds">The age of the oldest of those; 0 if there is none.</param>
/// <param name="DeadLetters">The number of its dead letters.</param>
/// <param name="StartedAt">When it was created.</param>
/// <param name="EndedAt">When it reached its final state; null before.</param>
/// <param name="Until">For a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">For a snapshot: its name.</param>
/// <param name="RowHash">The hash over its rows, if it was computed; equal rows have equal hashes.</param>
/// <param name="Reason">Why it failed, was cancelled, or waits.</param>
/// <param name="Partitions">The progress by partition; empty if it has ended.</param>
public sealed record GenerationReport(
    int Number,
    int Version,
    GenerationState State,
    Promotion Promote,
    long Applied,
    long Total,
    double? RatePerSecond,
    double? EtaSeconds,
    long? LagEvents,
    double? LagSeconds,
    long DeadLetters,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? Until,
    string? Snapshot,
    string? RowHash,
    string? Reason,
    IReadOnlyList<PartitionReport> Partitions)
{
    /// <summary>Rows written so far by a rebuild in memory; null if rows are written with each batch.</summary>
    public long? RowsWritten { get; init; }

    /// <summary>Rows that a rebuild in memory still has to write, estimated; null if rows are written with each batch.</summary>
    public long? RowsLeft { get; init; }
}

/// <summary>The progress of one partition of a generation.</summary>
/// <param name="Log">The log.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Applied">Events applied.</param>
/// <param name="Total">Events in the partition when the build started; for a live generation, events in the partition.</param>
/// <param name="RatePerSecond">Events a second, smoothed; null while unknown.</param>
/// <param name="EtaSeconds">Seconds until it has reached the head; null while unknown.</param>
/// <param name="LagEvents">Events that it has not applied; null if the head cannot be read.</param>
/// <param name="LagSeconds">The age of the oldest of those.</param>
/// <param name="Problem">Why no more events of it are applied, if that is so.</param>
public sealed record PartitionReport(
    string Log,
    int Partition,
    long Applied,
    long Total,
    double? RatePerSecond,
    double? EtaSeconds,
    long? LagEvents,
    double? LagSeconds,
    string? Problem);
