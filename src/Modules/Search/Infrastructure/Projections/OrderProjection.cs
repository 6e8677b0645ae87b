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

    public OrderProjection()
    {
        On<OrderPlaced>(o => o.OrderId, (o, _, e) => new(
            o.OrderId, o.CustomerId, OrderStatus.Placed, o.Currency, o.Amount, o.DeliveryAddress.City, o.DeliveryAddress.Country,
            [.. o.Items.Select(item => new OrderedItem(item.ProductId, item.Name, item.Quantity))], e.OccurredAt));
        On<OrderPaid>(o => o.OrderId, (_, row) => row with { Status = OrderStatus.Paid });
        On<OrderShipped>(o => o.OrderId, (_, row) => row with { Status = OrderStatus.Shipped });
        On<OrderCancelled>(o => o.OrderId, (_, row) => row with { Status = OrderStatus.Cancelled });
    }
}
