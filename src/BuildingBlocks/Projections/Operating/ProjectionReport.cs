using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>Where a projection stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Module">The module that owns it, as the admin API writes it everywhere (<c>orders</c>).</param>
/// <param name="Store">Where its rows are: <c>postgres</c>, <c>lucene</c>, <c>duckdb</c>.</param>
/// <param name="Version">The version of the fold in this binary.</param>
/// <param name="Live">The number of the live generation; null before the first is built.</param>
/// <param name="Paused">Whether an operator paused it.</param>
/// <param name="Generations">Its generations, oldest first; dropped ones are not listed.</param>
/// <param name="DeadLetters">How many events of the live generation are parked.</param>
/// <param name="Notes">What an operator should know, in sentences.</param>
public sealed record ProjectionReport(
    string Name, string Module, string Store, int Version, int? Live, bool Paused, IReadOnlyList<GenerationReport> Generations, long DeadLetters, IReadOnlyList<string> Notes);

/// <summary>How far a generation is.</summary>
/// <param name="Number">Its number; numbers are never used again.</param>
/// <param name="Version">The version of the fold that makes it.</param>
/// <param name="State">What it is good for.</param>
/// <param name="Promote">What shall happen when it has reached the live one.</param>
/// <param name="Applied">Events that it has passed, at most <paramref name="Total"/> while it builds.</param>
/// <param name="Total">Events in the logs when it began; of a live one, events in the logs.</param>
/// <param name="RatePerSecond">Events a second, smoothed; null while unknown.</param>
/// <param name="EtaSeconds">Until it has reached the head, and has written the rows that it folded in memory; null where that cannot be told.</param>
/// <param name="LagEvents">Events in the logs that it has not applied; null where the heads cannot be read.</param>
/// <param name="LagSeconds">The age of the oldest of those; 0 where there is none.</param>
/// <param name="DeadLetters">How many of its events are parked.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it came into its final state; null while it moves.</param>
/// <param name="Until">Of a snapshot: the time up to which events count.</param>
/// <param name="Snapshot">Of a snapshot: its name.</param>
/// <param name="RowHash">The hash over its rows, where it was taken; the same rows give the same hash.</param>
/// <param name="Reason">Why it failed, was cancelled, or waits.</param>
/// <param name="Partitions">The same by partition; empty where it is gone.</param>
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
    /// <summary>Of a build that folds in memory: the rows that it has written so far; null where it writes its rows with each batch.</summary>
    public long? RowsWritten { get; init; }

    /// <summary>Of a build that folds in memory: the rows that it still has to write, as far as that can be told; null where it writes its rows with each batch.</summary>
    public long? RowsLeft { get; init; }
}

/// <summary>How far one partition of a generation is.</summary>
/// <param name="Log">The log.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Applied">Events that it has passed.</param>
/// <param name="Total">Events in the partition when the generation began; of a live one, events in the partition.</param>
/// <param name="RatePerSecond">Events a second, smoothed; null while unknown.</param>
/// <param name="EtaSeconds">Until it has reached the head; null where that cannot be told.</param>
/// <param name="LagEvents">Events that it has not applied; null where the head cannot be read.</param>
/// <param name="LagSeconds">The age of the oldest of those.</param>
/// <param name="Problem">Why nothing more of it is applied; null while it goes on.</param>
public sealed record PartitionReport(
    string Log, int Partition, long Applied, long Total, double? RatePerSecond, double? EtaSeconds, long? LagEvents, double? LagSeconds, string? Problem);
