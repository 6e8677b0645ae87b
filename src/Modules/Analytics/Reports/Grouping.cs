using System.Globalization;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>What the lines of a report stand for.</summary>
/// <param name="Column">The key of a line; its name is also the word that asks for it.</param>
/// <param name="Key">The key in SQL.</param>
/// <param name="IsTime">Whether keys are times: they come in their own order, other keys by what they weigh.</param>
internal sealed record Grouping(ReportColumn Column, string Key, bool IsTime = false)
{
    public static Grouping Day { get; } = new(ReportColumn.Day("day"), "placed_at::date", IsTime: true);

    public static Grouping Month { get; } = new(ReportColumn.Month("month"), "date_trunc('month', placed_at)::date", IsTime: true);

    public static Grouping Product { get; } = new(ReportColumn.Text("product"), "product_id");

    public static Grouping Customer { get; } = new(ReportColumn.Uuid("customer"), "customer_id");

    public static Grouping City { get; } = new(ReportColumn.Text("city"), "city");

    public static Grouping Country { get; } = new(ReportColumn.Text("country"), "country");

    public static Grouping Status { get; } = new(ReportColumn.Text("status"), "status");

    public string Name => Column.Name;

    public static string Text(DateOnly day, string format) => day.ToString(format, CultureInfo.InvariantCulture);
}
