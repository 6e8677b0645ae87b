using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>A customer placed an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Currency">ISO 4217 code of every amount of the order.</param>
/// <param name="Amount">The order's total.</param>
/// <param name="DeliveryAddress">Where it goes.</param>
/// <param name="Items">What was ordered, in the order of the request.</param>
[EventType("order.placed.v1")]
public sealed record OrderPlaced(
    Guid OrderId, Guid CustomerId, string Currency, decimal Amount, [Personal] DeliveryAddress DeliveryAddress, IReadOnlyList<OrderLine> Items) : IOrderEvent;
