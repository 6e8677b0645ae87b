using System.Text.Json.Serialization;
using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Verification;

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

/// <summary>A key whose live row is not the one that a replay makes.</summary>
/// <param name="Key">The key.</param>
/// <param name="Live">The live row; null where there is none.</param>
/// <param name="Replayed">The row that the replay makes; null where it makes none.</param>
public sealed record RowDifference(string Key, JsonElement? Live, JsonElement? Replayed);

/// <summary>What a verification found, as it stands in its operation.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(VerifyResult))]
internal sealed partial class VerifyJson : JsonSerializerContext
{
    public static string Write(VerifyResult result) => JsonSerializer.Serialize(result, Default.VerifyResult);
}
