using Monolith.Modules.Analytics.Facts;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>How many of the orders that were placed came to be paid and shipped, and how long each step took: median and 95th percentile, from the step before.</summary>
internal static class FunnelReport
{
    public static readonly IReadOnlyList<ReportColumn> Columns = [ReportColumn.Text("currency"), ReportColumn.Text("step"), ReportColumn.Count("orders"), ReportColumn.SecondsOrNull("medianSeconds"), ReportColumn.SecondsOrNull("p95Seconds")];

    public static Report Of(Period period) => new(
        session =>
            $"""
            with steps as (
                select currency, count(*) as placed, count(paid_at) as paid, count(shipped_at) as shipped,
                    quantile_cont(epoch_us(paid_at) - epoch_us(placed_at), [0.5, 0.95]) as paying,
                    quantile_cont(epoch_us(shipped_at) - epoch_us(paid_at), [0.5, 0.95]) as shipping
                from {session.Table(OrderProjection.Name, OrderTables.Orders)} where {period.Condition("placed_at")} group by currency
            )
            select currency, step, orders, median, p95 from (
                select currency, 1 as place, '{OrderSteps.Placed}' as step, placed as orders, null::double as median, null::double as p95 from steps
                union all select currency, 2, '{OrderSteps.Paid}', paid, paying[1], paying[2] from steps
                union all select currency, 3, '{OrderSteps.Shipped}', shipped, shipping[1], shipping[2] from steps
            ) order by currency, place
            """,
        period.Values,
        Columns,
        OrderProjection.Name);
}
