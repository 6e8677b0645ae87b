using System.ComponentModel.DataAnnotations;
using Monolith.BuildingBlocks.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>An order as callers see it.</summary>
internal sealed record OrderView(
    Guid Id,
    [property: AllowedValues(OrderStatus.Placed, OrderStatus.Paid, OrderStatus.Shipped, OrderStatus.Cancelled)] string Status,
    OrderCustomer Customer,
    string Currency,
    decimal Total,
    Address DeliveryAddress,
    IReadOnlyList<OrderItem> Items,
    DateTimeOffset PlacedAt,
    DateTimeOffset ChangedAt,
    long Version) : IVersioned
{
    public static OrderView Of(Order order, OrderCustomer customer) => new(
        order.Id, order.Status, customer, order.Currency, order.Total, order.DeliveryAddress, order.Items, order.PlacedAt, order.ChangedAt,
        order.Version);
}
