using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>An order that was not shipped yet was cancelled.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">The order's total, which counts no longer.</param>
/// <param name="WasPaid">Whether it had been paid, so that the amount is to be given back.</param>
/// <param name="Reason">Why, in the words of whoever did it.</param>
[EventType("order.cancelled.v1")]
public sealed record OrderCancelled(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, bool WasPaid, [Personal] string Reason) : IOrderEvent;
