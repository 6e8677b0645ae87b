using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>The order facts.</summary>
internal sealed class OrderProjection : KeyedProjection<Guid, OrderRow>
{
    public const string Name = "analytics.orders";

    private readonly StringCache words = new();

    public OrderProjection()
    {
        On<OrderPlaced>(o => o.OrderId, (o, _, e) => Placed(o, e));
        On<OrderPaid>(o => o.OrderId, (_, row, e) => Step(row, e, OrderSteps.Paid) with { PaidAt = e.OccurredAt });
        On<OrderShipped>(o => o.OrderId, (_, row, e) => Step(row, e, OrderSteps.Shipped) with { ShippedAt = e.OccurredAt });
        On<OrderCancelled>(o => o.OrderId, (_, row, e) => Step(row, e, OrderSteps.Cancelled) with { CancelledAt = e.OccurredAt });
    }

    private OrderRow Placed(OrderPlaced order, Event e) => new(
        order.OrderId,
        order.CustomerId,
        words.Of(order.Currency),
        order.Items.Select(item => (int)item.UnitPrice.Scale).Append(order.Amount.Scale).Max(),
        order.Amount,
        order.Items.Sum(item => item.Quantity),
        words.Of(order.DeliveryAddress.City),
        words.Of(order.DeliveryAddress.Country),
        OrderSteps.Placed,
        e.OccurredAt,
        PaidAt: null,
        ShippedAt: null,
        CancelledAt: null,
        Lines(order.Items),
        Items<OrderEventRow>.None.With(new OrderEventRow(e.Id, e.StreamVersion, OrderSteps.Placed, e.OccurredAt)));

    private static OrderRow Step(OrderRow row, Event e, string step) => row with
    {
        Status = step,
        Events = row.Events.With(new OrderEventRow(e.Id, e.StreamVersion, step, e.OccurredAt)),
    };

    private Items<OrderLineRow> Lines(IReadOnlyList<OrderLine> lines)
    {
        var products = new HashSet<string>(lines.Count);
        return Items<OrderLineRow>.Of(lines.Select(line => new OrderLineRow(
            words.Of(line.ProductId),
            words.Of(line.Name),
            line.Quantity,
            line.UnitPrice,
            line.Quantity * line.UnitPrice,
            IsFirst: products.Add(line.ProductId))));
    }
}
