using System.Text.Json.Nodes;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Modules.Analytics.Reports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>What the answer to a report looks like, by the columns that write it.</summary>
internal static class ReportForm
{
    /// <param name="columns">What every line has.</param>
    /// <param name="groupings">What a line may stand for; it has the key that was asked for.</param>
    public static ResponseFormat Of(IReadOnlyList<ReportColumn> columns, IReadOnlyDictionary<string, Grouping>? groupings = null) =>
        new("application/json", () => Rows(columns, [.. groupings?.Values.Select(grouping => grouping.Column) ?? []]));

    private static JsonObject Rows(IReadOnlyList<ReportColumn> columns, IReadOnlyList<ReportColumn> keys)
    {
        var row = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column.Name))]),
            ["properties"] = new JsonObject(keys.Concat(columns).Select(column => KeyValuePair.Create(column.Name, (JsonNode?)column.Schema()))),
        };
        if (keys.Count > 0)
            row["oneOf"] = new JsonArray([.. keys.Select(key => new JsonObject { ["required"] = new JsonArray(key.Name) })]);
        return new JsonObject
        {
            ["type"] = "object", ["required"] = new JsonArray("rows"), ["properties"] = new JsonObject { ["rows"] = new JsonObject { ["type"] = "array", ["items"] = row } },
        };
    }
}
