using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Projections;

/// <summary>The rows of the order index. Customers are joined by queries, so their events are not folded here.</summary>
internal sealed class OrderProjection : KeyedProjection<Guid, OrderRow>
{
    public const string Name = "search.orders";

    /// <summary>The version of the documents: a change of fold, fields or character folding requires a new one.</summary>
    public const int Version = 1;

    public override Guid? KeyOf(Event e) => (e.Data as IOrderEvent)?.OrderId;

    public override OrderRow? Apply(OrderRow? row, Event e) => e.Data switch
    {
        OrderPlaced o => new(
            o.OrderId, o.CustomerId, OrderStatus.Placed, o.Currency, o.Amount, o.DeliveryAddress.City, o.DeliveryAddress.Country,
            [.. o.Items.Select(item => new OrderedItem(item.ProductId, item.Name, item.Quantity))], e.OccurredAt),
        OrderPaid => row! with { Status = OrderStatus.Paid },
        OrderShipped => row! with { Status = OrderStatus.Shipped },
        OrderCancelled => row! with { Status = OrderStatus.Cancelled },
        _ => row,
    };
}
