using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

internal static class RevenueSql
{
    public static ReportQuery Of(RevenueReport report) =>
        new(
            session => report.By == Grouping.Product ? OfLines(report, session) : OfOrders(report, session),
            report.Period.Parameters(),
            OrderProjection.Name);

    private static string OfLines(RevenueReport report, DuckDbSession session) => Sql(
        report,
        session.Table(OrderProjection.Name, OrderTables.Lines),
        "not is_cancelled",
        "sum(amount)",
        "count(*) filter (where is_first)",
        "sum(quantity)");

    private static string OfOrders(RevenueReport report, DuckDbSession session) => Sql(
        report, session.Table(OrderProjection.Name, OrderTables.Orders), "cancelled_at is null", "sum(total)", "count(*)", "sum(units)");

    private static string Sql(RevenueReport report, string table, string condition, string revenue, string orders, string units)
    {
        var order = report.By.IsTime ? "key, currency" : "currency, revenue desc, key";
        var sums =
            $"""
            select {ReportQuery.KeyOf(report.By)} as key, currency, {revenue} as revenue, max(digits) as digits, {orders} as orders,
                {units}::bigint as units
            from {table} where {condition} and {report.Period.Condition("placed_at")} group by 1, 2
            """;
        if (report.First is not { } count)
            return $"{sums} order by {order}";

        var rank = $"row_number() over (partition by currency order by {order})";
        if (report.By.IsTime)
            return $"select * from ({sums}) qualify {rank} <= {count} order by {order}";
        // Grouped by customer there may be half a million rows: the lowest revenue among the first ones is found without sorting them.
        return
            $"""
            with sums as materialized ({sums}),
                lowest as (select currency, list_min(max(revenue, {count})) as lowest from sums group by currency)
            select sums.* from sums join lowest using (currency) where revenue >= lowest qualify {rank} <= {count} order by {order}
            """;
    }
}
