using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

internal static class FunnelSql
{
    public static ReportQuery Of(FunnelReport report) => new(
        session =>
            $"""
            with steps as (
                select currency, count(*) as placed, count(paid_at) as paid, count(shipped_at) as shipped,
                    quantile_cont(epoch_us(paid_at) - epoch_us(placed_at), [0.5, 0.95]) as paying,
                    quantile_cont(epoch_us(shipped_at) - epoch_us(paid_at), [0.5, 0.95]) as shipping
                from {session.Table(OrderProjection.Name, OrderTables.Orders)} where {report.Period.Condition("placed_at")}
                group by currency
            )
            select currency, step, orders, median, p95 from (
                select currency, 1 as place, '{OrderSteps.Placed}' as step, placed as orders, null::double as median, null::double as p95
                from steps
                union all select currency, 2, '{OrderSteps.Paid}', paid, paying[1], paying[2] from steps
                union all select currency, 3, '{OrderSteps.Shipped}', shipped, shipping[1], shipping[2] from steps
            ) order by currency, place
            """,
        report.Period.Parameters(),
        OrderProjection.Name);
}
