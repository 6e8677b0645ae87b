using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>A placed order was paid in full.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">What was paid: the order's total.</param>
/// <param name="Reference">The payment's reference.</param>
[EventType("order.paid.v1")]
public sealed record OrderPaid(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, string Reference) : IOrderEvent;
