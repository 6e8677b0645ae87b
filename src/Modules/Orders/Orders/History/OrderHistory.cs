using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.History;

/// <summary>An order as it was after each of its events.</summary>
internal sealed class OrderHistory() : StreamHistory<OrderState>("order", HistoryJson.Web.OrderState)
{
    public override OrderState? Apply(OrderState? state, Event e)
    {
        var next = e.Data switch
        {
            OrderPlaced o => new(o.OrderId, OrderStatus.Placed, o.CustomerId, o.Currency, o.Amount, o.DeliveryAddress, o.Items, e.OccurredAt, e.OccurredAt, e.StreamVersion),
            OrderPaid o => state! with { Status = OrderStatus.Paid, Reference = o.Reference },
            OrderShipped o => state! with { Status = OrderStatus.Shipped, Carrier = o.Carrier, TrackingNumber = o.TrackingNumber },
            OrderCancelled o => state! with { Status = OrderStatus.Cancelled, Reason = o.Reason },
            _ => state,
        };
        return next is null ? null : next with { Version = e.StreamVersion, ChangedAt = e.OccurredAt };
    }
}
