using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Search.OrderIndex;

/// <summary>The orders that can be searched. Keyed by the order alone: who placed it is looked up when somebody asks.</summary>
internal sealed class OrderProjection : KeyedProjection<Guid, OrderRow>
{
    public const string Name = "search.orders";

    /// <summary>The version of fold, fields and folding: a change of any of them makes other documents.</summary>
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
