using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Projections.Verification;

/// <summary>The result of a verification.</summary>
/// <param name="Matches">Whether all rows are equal and the logs have no faults.</param>
/// <param name="Rows">The number of rows compared.</param>
/// <param name="RowHash">The hash over the live rows; null if rows differ or changed meanwhile.</param>
/// <param name="DifferingRows">The number of rows that differ; a lower bound if <paramref name="MoreDiffer"/>.</param>
/// <param name="Differences">The first of them.</param>
/// <param name="LogFaults">Faults of the logs: gaps in offsets or versions, records of the topic that differ from the log.</param>
/// <param name="MoreDiffer">Whether so many rows differ that not all of them were compared.</param>
/// <param name="LogsElsewhere">Logs that were not checked, because their module does not run in the host that verified.</param>
public sealed record VerifyResult(
    bool Matches,
    long Rows,
    string? RowHash,
    long DifferingRows,
    IReadOnlyList<RowDifference> Differences,
    IReadOnlyList<string> LogFaults,
    bool MoreDiffer,
    IReadOnlyList<string> LogsElsewhere);

/// <summary>A key whose live row differs from the replayed row.</summary>
/// <param name="Key">The key.</param>
/// <param name="Live">The live row; null if there is none.</param>
/// <param name="Replayed">The replayed row; null if there is none.</param>
public sealed record RowDifference(string Key, JsonElement? Live, JsonElement? Replayed);

/// <summary>The result of a verification as JSON, in its operation.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VerifyResult))]
internal sealed partial class VerifyJson : JsonSerializerContext
{
    public static string Write(VerifyResult result) => JsonSerializer.Serialize(result, Default.VerifyResult);
}
