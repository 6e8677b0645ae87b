using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>
/// The tables of orders in DuckDB. Lines repeat the columns of the order that reports over lines need, so that these reports need no join.
/// The repeated columns change only when an order is cancelled.
/// </summary>
internal static class OrderTables
{
    public const string Orders = "orders";
    public const string Lines = "order_lines";
    public const string Events = "order_events";

    // The maximum total (100 lines of 10,000 units below 10^9) has 15 digits before the decimal point; currencies have at most 4 after it.
    private const int TotalPrecision = 19;
    private const int AmountPrecision = 18;
    private const int Scale = 4;

    public static DuckDbTables<Guid, OrderRow> All { get; } = new DuckDbTables<Guid, OrderRow>(
            Orders,
            "order_id",
            order => order.OrderId,
            columns => columns
                .Uuid("customer_id", order => order.CustomerId)
                .Text("currency", order => order.Currency)
                .Whole("digits", order => order.Digits)
                .Exact("total", TotalPrecision, Scale, order => order.Total)
                .Whole("units", order => order.Units)
                .Text("city", order => order.City)
                .Text("country", order => order.Country)
                .Text("status", order => order.Status)
                .Time("placed_at", order => order.PlacedAt)
                .Time("paid_at", order => order.PaidAt)
                .Time("shipped_at", order => order.ShippedAt)
                .Time("cancelled_at", order => order.CancelledAt),
            (key, line) => new OrderRow(
                key, line.Uuid(), line.Text(), line.Whole(), line.Exact(), line.Whole(), line.Text(), line.Text(), line.Text(),
                line.Time(), line.TimeOrNull(), line.TimeOrNull(), line.TimeOrNull(),
                Items<OrderLineRow>.None, Items<OrderEventRow>.None))
        .With(
            Lines,
            order => order.Lines,
            columns => columns
                .Text("product_id", line => line.Item.ProductId)
                .Text("name", line => line.Item.Name)
                .Whole("quantity", line => line.Item.Quantity)
                .Exact("unit_price", AmountPrecision, Scale, line => line.Item.UnitPrice)
                .Exact("amount", AmountPrecision, Scale, line => line.Item.Amount)
                .Flag("is_first", line => line.Item.IsFirst)
                .Text("currency", line => line.Row.Currency)
                .Whole("digits", line => line.Row.Digits)
                .Time("placed_at", line => line.Row.PlacedAt)
                .Flag("is_cancelled", line => line.Row.CancelledAt is not null),
            line => new OrderLineRow(line.Text(), line.Text(), line.Whole(), line.Exact(), line.Exact(), line.Flag()),
            (order, lines) => order with { Lines = Items<OrderLineRow>.Of(lines) },
            unchanged: (before, after) => before.CancelledAt is null == after.CancelledAt is null && before.Lines.Equals(after.Lines))
        .With(
            Events,
            order => order.Events,
            columns => columns
                .Uuid("event_id", step => step.Item.EventId)
                .Large("version", step => step.Item.Version)
                .Text("step", step => step.Item.Step)
                .Time("occurred_at", step => step.Item.OccurredAt)
                .Text("currency", step => step.Row.Currency)
                .Exact("total", TotalPrecision, Scale, step => step.Row.Total),
            line => new OrderEventRow(line.Uuid(), line.Large(), line.Text(), line.Time()),
            (order, events) => order with { Events = Items<OrderEventRow>.Of(events) },
            unchanged: (before, after) => before.Events.Equals(after.Events));
}
