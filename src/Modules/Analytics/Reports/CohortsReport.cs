using Monolith.Modules.Analytics.Facts;

namespace Monolith.Modules.Analytics.Reports;

/// <summary>Customers by the month of their registration, and what they have ordered since: orders that are not cancelled, by currency. A month without any has one line without a currency.</summary>
internal static class CohortsReport
{
    public static readonly IReadOnlyList<ReportColumn> Columns =
    [
        ReportColumn.Month("month"), ReportColumn.TextOrNull("currency"), ReportColumn.Count("customers"), ReportColumn.Amount("revenue"), ReportColumn.Count("buyers"), ReportColumn.Count("orders"),
    ];

    /// <param name="period">When they registered, and the currency of their orders.</param>
    public static Report Of(Period period)
    {
        var orders = new Period(null, null, period.Currency);
        var registered = period with { Currency = null };
        return new(
            session =>
                $"""
                with members as (
                    select customer_id, date_trunc('month', registered_at)::date as month
                    from {session.Table(CustomerProjection.Name, CustomerTables.Customers)} where {registered.Condition("registered_at")}
                ), months as (
                    select month, count(*) as customers from members group by month
                ), buyers as (
                    select customer_id, currency, sum(total) as revenue, max(digits) as digits, count(*) as orders
                    from {session.Table(OrderProjection.Name, OrderTables.Orders)} where cancelled_at is null and {(period.Currency is null ? "true" : $"currency = ${period.Values.Count}")}
                    group by customer_id, currency
                ), spent as (
                    select month, currency, sum(revenue) as revenue, max(digits) as digits, count(*) as buyers, sum(orders)::bigint as orders
                    from buyers join members using (customer_id) group by month, currency
                )
                select months.month, currency, customers, coalesce(revenue, 0), coalesce(digits, 0), coalesce(buyers, 0), coalesce(orders, 0)
                from months left join spent using (month) order by 1, 2
                """,
            [.. registered.Values, .. orders.Values],
            Columns,
            CustomerProjection.Name,
            OrderProjection.Name);
    }
}
