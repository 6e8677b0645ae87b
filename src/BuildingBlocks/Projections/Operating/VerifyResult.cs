namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>What a verification found.</summary>
/// <param name="Matches">Whether nothing differs at all.</param>
/// <param name="Rows">How many rows were compared.</param>
/// <param name="RowHash">The hash over the live rows; null where rows differ.</param>
/// <param name="DifferingRows">How many rows differ; at least so many where <paramref name="MoreDiffer"/>.</param>
/// <param name="Differences">The first of them.</param>
/// <param name="LogFaults">What is wrong with the logs: holes in offsets or versions, records of the topic that are not those of the log.</param>
/// <param name="MoreDiffer">Whether so many rows differ that not all of them were looked at.</param>
/// <param name="LogsElsewhere">The logs that could not be looked at, since their module does not run in the host that verified.</param>
public sealed record VerifyResult(
    bool Matches,
    long Rows,
    string? RowHash,
    long DifferingRows,
    IReadOnlyList<RowDifference> Differences,
    IReadOnlyList<string> LogFaults,
    bool MoreDiffer,
    IReadOnlyList<string> LogsElsewhere);
