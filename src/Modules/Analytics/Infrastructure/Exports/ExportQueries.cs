using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.Modules.Analytics.Infrastructure.Projections;

namespace Monolith.Modules.Analytics.Infrastructure.Exports;

/// <summary>
/// The SQL of exports. Notebooks rely on names, order and types of the columns: new columns are only added at the end. With a time, nothing
/// that happened later is visible.
/// </summary>
internal static class ExportQueries
{
    // Each join condition compares one side with the other, which makes it a hash join: an "or" over both sides would compare each order
    // with each period.
    public static string Orders(DuckDbSession session, DateTimeOffset? until)
    {
        var history = session.Table(CustomerProjection.Name, CustomerTables.History);
        return $"""
            select o.order_id::varchar as order_id, o.customer_id::varchar as customer_id, o.currency, o.digits, o.total, o.units, o.city,
                o.country,
                case when {HasHappened("o.cancelled_at", until)} then '{OrderSteps.Cancelled}'
                    when {HasHappened("o.shipped_at", until)} then '{OrderSteps.Shipped}'
                    when {HasHappened("o.paid_at", until)} then '{OrderSteps.Paid}' else '{OrderSteps.Placed}' end as status,
                o.placed_at, {AsOf("o.paid_at", until)} as paid_at, {AsOf("o.shipped_at", until)} as shipped_at,
                {AsOf("o.cancelled_at", until)} as cancelled_at,
                old.name as customer_name_then, old.status as customer_status_then, new.name as customer_name, new.status as customer_status
            from {session.Table(OrderProjection.Name, OrderTables.Orders)} o
                left join {history} old on old.customer_id = o.customer_id and old.valid_from <= o.placed_at
                    and coalesce(old.valid_to, 'infinity'::timestamp) > o.placed_at
                left join {history} new on new.customer_id = o.customer_id and {IsCurrent("new", until)}
            where {HasHappened("o.placed_at", until)}
            """;
    }

    public static string OrderLines(DuckDbSession session, DateTimeOffset? until) =>
        $"""
        select order_id::varchar as order_id, "position" as line, product_id, name, quantity, unit_price, amount, currency, digits,
            placed_at
        from {session.Table(OrderProjection.Name, OrderTables.Lines)} where {HasHappened("placed_at", until)}
        """;

    public static string Customers(DuckDbSession session, DateTimeOffset? until) =>
        $"""
        select customer_id::varchar as customer_id, username, registered_at, name, status, valid_from,
            {AsOf("valid_to", until)} as valid_to, {IsCurrent("h", until)} as is_current
        from {session.Table(CustomerProjection.Name, CustomerTables.History)} h where {HasHappened("valid_from", until)}
        """;

    private static string HasHappened(string time, DateTimeOffset? until) =>
        until is { } limit ? $"coalesce({time} <= {DuckDbSession.Literal(limit)}, false)" : $"{time} is not null";

    /// <summary>The time, or null if it is after the limit.</summary>
    private static string AsOf(string time, DateTimeOffset? until) =>
        until is null ? time : $"case when {HasHappened(time, until)} then {time} end";

    /// <summary>Whether a period of a customer's history is the last one.</summary>
    private static string IsCurrent(string period, DateTimeOffset? until) =>
        $"({HasHappened($"{period}.valid_from", until)} and not {HasHappened($"{period}.valid_to", until)})";
}
