using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>A paid order was handed to a carrier.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Carrier">Who delivers it.</param>
/// <param name="TrackingNumber">The carrier's number for it.</param>
[EventType("order.shipped.v1")]
public sealed record OrderShipped(Guid OrderId, Guid CustomerId, string Carrier, string TrackingNumber) : IOrderEvent;
