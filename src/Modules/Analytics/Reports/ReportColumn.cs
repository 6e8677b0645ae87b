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

    public static ReportColumn Text(string name) => Of(name, () => new JsonObject { ["type"] = "string" }, (json, property, line) => json.WriteString(property, line.Text()));

    public static ReportColumn TextOrNull(string name) => Of(name, () => new JsonObject { ["type"] = OrNull("string") }, (json, property, line) => json.WriteString(property, line.TextOrNull()));

    public static ReportColumn Uuid(string name) => Of(name, () => new JsonObject { ["type"] = "string", ["format"] = "uuid" }, (json, property, line) => json.WriteString(property, line.Uuid()));

    public static ReportColumn Day(string name) =>
        Of(name, () => new JsonObject { ["type"] = "string", ["format"] = "date" }, (json, property, line) => json.WriteString(property, Grouping.Text(line.Date(), "yyyy-MM-dd")));

    public static ReportColumn Month(string name) =>
        Of(name, () => new JsonObject { ["type"] = "string", ["pattern"] = "^[0-9]{4}-[0-9]{2}$" }, (json, property, line) => json.WriteString(property, Grouping.Text(line.Date(), "yyyy-MM")));

    public static ReportColumn Count(string name) => Of(name, () => new JsonObject { ["type"] = "integer", ["format"] = "int64" }, (json, property, line) => json.WriteNumber(property, line.Large()));

    public static ReportColumn Amount(string name) => Of(
        name, () => new JsonObject { ["type"] = "number", ["description"] = "Exact, with the minor digits of the currency." }, (json, property, line) => json.WriteAmount(property, line));

    public static ReportColumn SecondsOrNull(string name) => Of(name, () => new JsonObject { ["type"] = OrNull("number") }, (json, property, line) =>
    {
        if (line.DoubleOrNull() is { } microseconds)
            json.WriteNumber(property, microseconds / MicrosecondsOfASecond);
        else
            json.WriteNull(property);
    });

    // A name is encoded once, not in every line.
    private static ReportColumn Of(string name, Func<JsonObject> schema, Action<Utf8JsonWriter, JsonEncodedText, DuckDbLine> write)
    {
        var property = JsonEncodedText.Encode(name);
        return new ReportColumn(name, schema, (json, line) => write(json, property, line));
    }

    private static JsonArray OrNull(string type) => new(type, "null");
}
