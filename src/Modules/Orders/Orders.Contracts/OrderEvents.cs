using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>Something that happened to an order.</summary>
public interface IOrderEvent : IEvent
{
    /// <summary>The order, whose id is also the id of the stream.</summary>
    Guid OrderId { get; }

    /// <summary>The customer who placed it.</summary>
    Guid CustomerId { get; }
}

/// <summary>An order that was not shipped yet was cancelled.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">The customer who placed it.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">The total of the cancelled order.</param>
/// <param name="WasPaid">Whether it had been paid, so that the amount is to be given back.</param>
/// <param name="Reason">The reason, as entered by the user.</param>
[EventType("order.cancelled.v1")]
public sealed record OrderCancelled(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, bool WasPaid, [Personal] string Reason)
    : IOrderEvent;

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">Its name when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one, in the order's currency.</param>
public sealed record OrderLine(string ProductId, string Name, int Quantity, decimal UnitPrice);

/// <summary>Where an order goes.</summary>
/// <param name="Street">Street and number.</param>
/// <param name="PostalCode">Postal code; empty where there is none.</param>
/// <param name="City">City.</param>
/// <param name="Country">ISO 3166 alpha-2 code.</param>
public sealed record DeliveryAddress([Personal] string Street, [Personal] string PostalCode, [Personal] string City, string Country);

/// <summary>A placed order was paid in full.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">The customer who placed it.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Amount">What was paid: the order's total.</param>
/// <param name="Reference">The payment's reference.</param>
[EventType("order.paid.v1")]
public sealed record OrderPaid(Guid OrderId, Guid CustomerId, string Currency, decimal Amount, string Reference) : IOrderEvent;

/// <summary>A customer placed an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">The customer who placed it.</param>
/// <param name="Currency">ISO 4217 code of every amount of the order.</param>
/// <param name="Amount">The order's total.</param>
/// <param name="DeliveryAddress">Where it goes.</param>
/// <param name="Items">What was ordered, in the order of the request.</param>
[EventType("order.placed.v1")]
public sealed record OrderPlaced(
    Guid OrderId,
    Guid CustomerId,
    string Currency,
    decimal Amount,
    [Personal] DeliveryAddress DeliveryAddress,
    IReadOnlyList<OrderLine> Items) : IOrderEvent;

/// <summary>A paid order was handed to a carrier.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">The customer who placed it.</param>
/// <param name="Carrier">The carrier.</param>
/// <param name="TrackingNumber">The carrier's number for it.</param>
[EventType("order.shipped.v1")]
public sealed record OrderShipped(Guid OrderId, Guid CustomerId, string Carrier, string TrackingNumber) : IOrderEvent;

/// <summary>The topic of Orders.</summary>
public static class OrdersTopic
{
    /// <summary>The name of the module's log and of the topic that mirrors it.</summary>
    public const string Name = "orders.events";
}

/// <summary>Reads and writes the events of Orders.</summary>
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderCancelled))]
public sealed partial class OrdersJson : JsonSerializerContext
{
    /// <summary>The context to use: an attribute cannot name an encoder, so the generated <c>Default</c> writes other bytes.</summary>
    public static OrdersJson Contracts { get; } = new(EventJson.NewOptions());
}
