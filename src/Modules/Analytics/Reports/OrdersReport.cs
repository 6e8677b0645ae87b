using Monolith.Modules.Analytics.Facts;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>How many orders were placed and what they come to, cancelled ones too.</summary>
internal static class OrdersReport
{
    public static readonly IReadOnlyDictionary<string, Grouping> Groupings = new[] { Grouping.Day, Grouping.Month, Grouping.Status }.ToDictionary(grouping => grouping.Name);

    public static readonly IReadOnlyList<ReportColumn> Columns = [ReportColumn.Text("currency"), ReportColumn.Amount("amount"), ReportColumn.Count("orders"), ReportColumn.Count("cancelled"), ReportColumn.Count("units")];

    public static Report Of(Grouping by, Period period) => new(
        session =>
            $"""
            select {by.Key} as key, currency, sum(total), max(digits), count(*), count(cancelled_at), sum(units)::bigint
            from {session.Table(OrderProjection.Name, OrderTables.Orders)} where {period.Condition("placed_at")} group by 1, 2 order by 1, 2
            """,
        period.Values,
        [by.Column, .. Columns],
        OrderProjection.Name);
}
