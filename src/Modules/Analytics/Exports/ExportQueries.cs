using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Facts;

namespace Monolith.Modules.Analytics.Exports;

/// <summary>What the exports hold. Column names, their order and types are what notebooks rely on: columns are only ever added, at the end. As of a time, nothing that happened after it shows.</summary>
internal static class ExportQueries
{
    // Each condition of a join compares one side with the other, so that it is a hash join: an "or" over both would compare every order with every period.
    public static string Orders(DuckDbSession session, DateTimeOffset? until)
    {
        var history = session.Table(CustomerProjection.Name, CustomerTables.History);
        return $"""
            select o.order_id::varchar as order_id, o.customer_id::varchar as customer_id, o.currency, o.digits, o.total, o.units, o.city, o.country,
                case when {Has("o.cancelled_at", until)} then '{OrderSteps.Cancelled}' when {Has("o.shipped_at", until)} then '{OrderSteps.Shipped}'
                    when {Has("o.paid_at", until)} then '{OrderSteps.Paid}' else '{OrderSteps.Placed}' end as status,
                o.placed_at, {AsOf("o.paid_at", until)} as paid_at, {AsOf("o.shipped_at", until)} as shipped_at, {AsOf("o.cancelled_at", until)} as cancelled_at,
                old.name as customer_name_then, old.status as customer_status_then, new.name as customer_name, new.status as customer_status
            from {session.Table(OrderProjection.Name, OrderTables.Orders)} o
                left join {history} old on old.customer_id = o.customer_id and old.valid_from <= o.placed_at and coalesce(old.valid_to, 'infinity'::timestamp) > o.placed_at
                left join {history} new on new.customer_id = o.customer_id and {Current("new", until)}
            where {Has("o.placed_at", until)}
            """;
    }

    public static string OrderLines(DuckDbSession session, DateTimeOffset? until) =>
        $"""
        select order_id::varchar as order_id, "position" as line, product_id, name, quantity, unit_price, amount, currency, digits, placed_at
        from {session.Table(OrderProjection.Name, OrderTables.Lines)} where {Has("placed_at", until)}
        """;

    public static string Customers(DuckDbSession session, DateTimeOffset? until) =>
        $"""
        select customer_id::varchar as customer_id, username, registered_at, name, status, valid_from, {AsOf("valid_to", until)} as valid_to, {Current("h", until)} as is_current
        from {session.Table(CustomerProjection.Name, CustomerTables.History)} h where {Has("valid_from", until)}
        """;

    /// <summary>Whether something had happened by then.</summary>
    private static string Has(string time, DateTimeOffset? until) => until is { } then ? $"coalesce({time} <= {DuckDbSession.Literal(then)}, false)" : $"{time} is not null";

    /// <summary>A time, as far as it had come by then.</summary>
    private static string AsOf(string time, DateTimeOffset? until) => until is null ? time : $"case when {Has(time, until)} then {time} end";

    /// <summary>Whether a period was the last one by then.</summary>
    private static string Current(string period, DateTimeOffset? until) => $"({Has($"{period}.valid_from", until)} and not {Has($"{period}.valid_to", until)})";
}
