using System.Globalization;
using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>What the lines of a report stand for.</summary>
/// <param name="Name">The word that asks for it, and the property of its key.</param>
/// <param name="Key">The key in SQL.</param>
/// <param name="Write">Writes the key of a line.</param>
/// <param name="IsTime">Whether keys are times: they come in their own order, other keys by what they weigh.</param>
internal sealed record Grouping(string Name, string Key, Action<Utf8JsonWriter, DuckDbLine> Write, bool IsTime = false)
{
    public static Grouping Day { get; } = new("day", "placed_at::date", (json, line) => json.WriteString("day", Text(line.Date(), "yyyy-MM-dd")), IsTime: true);

    public static Grouping Month { get; } = new("month", "date_trunc('month', placed_at)::date", (json, line) => json.WriteString("month", Text(line.Date(), "yyyy-MM")), IsTime: true);

    public static Grouping Product { get; } = OfText("product", "product_id");

    public static Grouping Customer { get; } = new("customer", "customer_id", (json, line) => json.WriteString("customer", line.Uuid()));

    public static Grouping City { get; } = OfText("city", "city");

    public static Grouping Country { get; } = OfText("country", "country");

    public static Grouping Status { get; } = OfText("status", "status");

    public static string Text(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);

    private static Grouping OfText(string name, string key) => new(name, key, (json, line) => json.WriteString(name, line.Text()));
}
