namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>What a verification found.</summary>
/// <param name="Matches">Whether nothing differs at all.</param>
/// <param name="Rows">How many rows were compared.</param>
/// <param name="RowHash">The hash over the live rows; null where rows differ.</param>
/// <param name="DifferingRows">How many rows differ.</param>
/// <param name="Differences">The first of them.</param>
/// <param name="LogFaults">What is wrong with the logs: holes in offsets or versions, records of the topic that are not those of the log.</param>
public sealed record VerifyResult(bool Matches, long Rows, string? RowHash, long DifferingRows, IReadOnlyList<RowDifference> Differences, IReadOnlyList<string> LogFaults);
