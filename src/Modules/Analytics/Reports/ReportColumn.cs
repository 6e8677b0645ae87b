using System.Text.Json;
using System.Text.Json.Nodes;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>One property of the lines of a report: how it is written, and what its schema is, so that what is documented is what is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Its JSON schema.</param>
/// <param name="Write">Writes it from a line, which is read column by column.</param>
internal sealed record ReportColumn(string Name, Func<JsonObject> Schema, Action<Utf8JsonWriter, DuckDbLine> Write)
{
    private const double MicrosecondsOfASecond = 1_000_000;

    public static ReportColumn Text(string name) => new(name, () => new JsonObject { ["type"] = "string" }, (json, line) => json.WriteString(name, line.Text()));

    public static ReportColumn TextOrNull(string name) => new(name, () => new JsonObject { ["type"] = OrNull("string") }, (json, line) => json.WriteString(name, line.TextOrNull()));

    public static ReportColumn Uuid(string name) => new(name, () => new JsonObject { ["type"] = "string", ["format"] = "uuid" }, (json, line) => json.WriteString(name, line.Uuid()));

    public static ReportColumn Day(string name) =>
        new(name, () => new JsonObject { ["type"] = "string", ["format"] = "date" }, (json, line) => json.WriteString(name, Grouping.Text(line.Date(), "yyyy-MM-dd")));

    public static ReportColumn Month(string name) =>
        new(name, () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}$" }, (json, line) => json.WriteString(name, Grouping.Text(line.Date(), "yyyy-MM")));

    public static ReportColumn Count(string name) => new(name, () => new JsonObject { ["type"] = "integer", ["format"] = "int64" }, (json, line) => json.WriteNumber(name, line.Large()));

    public static ReportColumn Amount(string name) => new(
        name, () => new JsonObject { ["type"] = "number", ["description"] = "Exact, with the minor digits of the currency." }, (json, line) => json.WriteAmount(name, line));

    public static ReportColumn SecondsOrNull(string name) => new(name, () => new JsonObject { ["type"] = OrNull("number") }, (json, line) =>
    {
        if (line.DoubleOrNull() is { } microseconds)
            json.WriteNumber(name, microseconds / MicrosecondsOfASecond);
        else
            json.WriteNull(name);
    });

    private static JsonArray OrNull(string type) => new(type, "null");
}
