using Monolith.Modules.Analytics.Facts;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>What was earned: orders that were placed and are not cancelled, at the time when they were placed.</summary>
internal static class RevenueReport
{
    public static readonly IReadOnlyDictionary<string, Grouping> Groupings = new[] { Grouping.Day, Grouping.Month, Grouping.Product, Grouping.Customer, Grouping.City, Grouping.Country }
        .ToDictionary(grouping => grouping.Name);

    public static readonly IReadOnlyList<ReportColumn> Columns = [ReportColumn.Text("currency"), ReportColumn.Amount("revenue"), ReportColumn.Count("orders"), ReportColumn.Count("units")];

    /// <param name="by">What a line stands for.</param>
    /// <param name="period">Which orders.</param>
    /// <param name="first">How many lines of each currency, in the order of the report; all of them unless it says so.</param>
    public static Report Of(Grouping by, Period period, int? first) => new(
        session => by == Grouping.Product
            ? Sql(by, session.Table(OrderProjection.Name, OrderTables.Lines), $"not is_cancelled and {period.Condition("placed_at")}", "sum(amount)", "count(*) filter (where is_first)", "sum(quantity)", first)
            : Sql(by, session.Table(OrderProjection.Name, OrderTables.Orders), $"cancelled_at is null and {period.Condition("placed_at")}", "sum(total)", "count(*)", "sum(units)", first),
        period.Values,
        [by.Column, .. Columns],
        OrderProjection.Name);

    private static string Sql(Grouping by, string table, string condition, string revenue, string orders, string units, int? first)
    {
        var order = by.IsTime ? "key, currency" : "currency, revenue desc, key";
        var sums = $"select {by.Key} as key, currency, {revenue} as revenue, max(digits) as digits, {orders} as orders, {units}::bigint as units from {table} where {condition} group by 1, 2";
        if (first is not { } count)
            return $"{sums} order by {order}";

        var place = $"row_number() over (partition by currency order by {order})";
        if (by.IsTime)
            return $"select * from ({sums}) qualify {place} <= {count} order by {order}";
        // A customer each may be half a million lines: the least revenue that can be among the first is found without sorting them.
        return
            $"""
            with sums as materialized ({sums}), lowest as (select currency, list_min(max(revenue, {count})) as lowest from sums group by currency)
            select sums.* from sums join lowest using (currency) where revenue >= lowest qualify {place} <= {count} order by {order}
            """;
    }
}
