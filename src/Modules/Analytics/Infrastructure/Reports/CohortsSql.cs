using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Reports;

internal static class CohortsSql
{
    public static ReportQuery Of(CohortsReport report)
    {
        var registered = report.Period with { Currency = null };
        object[] parameters = [.. registered.Parameters(), .. report.Period.Currency is { } currency ? [currency] : Array.Empty<object>()];
        var ofCurrency = report.Period.Currency is null ? "true" : $"currency = ${parameters.Length}";
        return new ReportQuery(
            session =>
                $"""
                with members as (
                    select customer_id, date_trunc('month', registered_at)::date as month
                    from {session.Table(CustomerProjection.Name, CustomerTables.Customers)} where {registered.Condition("registered_at")}
                ), months as (
                    select month, count(*) as customers from members group by month
                ), buyers as (
                    select customer_id, currency, sum(total) as revenue, max(digits) as digits, count(*) as orders
                    from {session.Table(OrderProjection.Name, OrderTables.Orders)} where cancelled_at is null and {ofCurrency}
                    group by customer_id, currency
                ), spent as (
                    select month, currency, sum(revenue) as revenue, max(digits) as digits, count(*) as buyers,
                        sum(orders)::bigint as orders
                    from buyers join members using (customer_id) group by month, currency
                )
                select months.month, currency, customers, coalesce(revenue, 0), coalesce(digits, 0), coalesce(buyers, 0),
                    coalesce(orders, 0)
                from months left join spent using (month) order by 1, 2
                """,
            parameters,
            CustomerProjection.Name,
            OrderProjection.Name);
    }
}
