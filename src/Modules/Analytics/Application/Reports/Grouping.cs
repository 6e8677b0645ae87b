using System.Collections.ObjectModel;

namespace Monolith.Modules.Analytics.Application.Reports;

/// <summary>The key by which a report groups orders.</summary>
/// <param name="Column">The key column; its name is the value of the parameter <c>by</c>.</param>
/// <param name="IsTime">Whether rows are ordered by key; otherwise they are ordered by revenue.</param>
internal sealed record Grouping(ReportColumn Column, bool IsTime = false)
{
    public static Grouping Day { get; } = new(ReportColumn.Day("day"), IsTime: true);

    public static Grouping Month { get; } = new(ReportColumn.Month("month"), IsTime: true);

    public static Grouping Product { get; } = new(ReportColumn.Text("product"));

    public static Grouping Customer { get; } = new(ReportColumn.Uuid("customer"));

    public static Grouping City { get; } = new(ReportColumn.Text("city"));

    public static Grouping Country { get; } = new(ReportColumn.Text("country"));

    public static Grouping Status { get; } = new(ReportColumn.Text("status"));

    public string Name => Column.Name;
}

/// <summary>The groupings of a report by name; the first is the default.</summary>
internal sealed class Groupings(params IReadOnlyList<Grouping> all)
    : ReadOnlyDictionary<string, Grouping>(all.ToDictionary(grouping => grouping.Name))
{
    public Grouping Default => all[0];
}
