using System.Text.Json.Nodes;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Modules.Analytics.Application.Reports;

namespace Monolith.Modules.Analytics.Api;

/// <summary>The JSON schema of a report, from its columns.</summary>
internal static class ReportSchema
{
    /// <param name="columns">The columns of all rows.</param>
    /// <param name="groupings">The possible key columns; a row has exactly one.</param>
    public static ResponseFormat Of(IReadOnlyList<ReportColumn> columns, Groupings? groupings = null) =>
        new("application/json", () => Rows(columns, [.. groupings?.Values.Select(grouping => grouping.Column) ?? []]));

    private static JsonObject Rows(IReadOnlyList<ReportColumn> columns, IReadOnlyList<ReportColumn> keys)
    {
        var row = new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray([.. columns.Select(column => JsonValue.Create(column.Name))]),
            ["properties"] = new JsonObject(
                keys.Concat(columns).Select(column => KeyValuePair.Create(column.Name, (JsonNode?)Of(column.Type)))),
        };
        if (keys.Count > 0)
            row["oneOf"] = new JsonArray([.. keys.Select(key => new JsonObject { ["required"] = new JsonArray(key.Name) })]);
        return new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("rows"),
            ["properties"] = new JsonObject { ["rows"] = new JsonObject { ["type"] = "array", ["items"] = row } },
        };
    }

    private static JsonObject Of(ReportColumnType type) => type switch
    {
        ReportColumnType.Text => new JsonObject { ["type"] = "string" },
        ReportColumnType.TextOrNull => new JsonObject { ["type"] = new JsonArray("string", "null") },
        ReportColumnType.Uuid => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        ReportColumnType.Day => new JsonObject { ["type"] = "string", ["format"] = "date" },
        ReportColumnType.Month => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}$" },
        ReportColumnType.Count => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
        ReportColumnType.Amount =>
            new JsonObject { ["type"] = "number", ["description"] = "Exact, with the minor digits of the currency." },
        ReportColumnType.SecondsOrNull => new JsonObject { ["type"] = new JsonArray("number", "null") },
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };
}
