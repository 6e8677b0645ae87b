using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

internal static class OrdersSql
{
    public static ReportQuery Of(OrdersReport report) => new(
        session =>
            $"""
            select {ReportQuery.KeyOf(report.By)} as key, currency, sum(total), max(digits), count(*), count(cancelled_at),
                sum(units)::bigint
            from {session.Table(OrderProjection.Name, OrderTables.Orders)} where {report.Period.Condition("placed_at")}
            group by 1, 2 order by 1, 2
            """,
        report.Period.Parameters(),
        OrderProjection.Name);
}
