using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Histories;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>An order as it was after each of its events.</summary>
internal sealed class OrderHistory() : StreamHistory<OrderState>("order", HistoryJson.Web.OrderState)
{
    public override OrderState? Apply(OrderState? state, Event e)
    {
        var next = e.Data switch
        {
            OrderPlaced o => new(
                o.OrderId, OrderStatus.Placed, o.CustomerId, o.Currency, o.Amount, o.DeliveryAddress, o.Items, e.OccurredAt, e.OccurredAt,
                e.StreamVersion),
            OrderPaid o => state! with { Status = OrderStatus.Paid, Reference = o.Reference },
            OrderShipped o => state! with { Status = OrderStatus.Shipped, Carrier = o.Carrier, TrackingNumber = o.TrackingNumber },
            OrderCancelled o => state! with { Status = OrderStatus.Cancelled, Reason = o.Reason },
            _ => state,
        };
        return next is null ? null : next with { Version = e.StreamVersion, ChangedAt = e.OccurredAt };
    }
}

/// <summary>An order with the fields of the API, and the details of its payment, shipment or cancellation.</summary>
internal sealed record OrderState(
    Guid Id,
    string Status,
    Guid CustomerId,
    string Currency,
    decimal Total,
    DeliveryAddress DeliveryAddress,
    IReadOnlyList<OrderLine> Items,
    DateTimeOffset PlacedAt,
    DateTimeOffset ChangedAt,
    long Version)
{
    /// <summary>The reference of the payment; null until the order is paid.</summary>
    public string? Reference { get; init; }

    /// <summary>The carrier; null until the order is shipped.</summary>
    public string? Carrier { get; init; }

    /// <summary>The carrier's tracking number; null until the order is shipped.</summary>
    public string? TrackingNumber { get; init; }

    /// <summary>Why it was cancelled; null where it was not.</summary>
    public string? Reason { get; init; }
}

/// <summary>How an order's history is written.</summary>
[JsonSerializable(typeof(OrderState))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static HistoryJson Web { get; } = new(EventJson.NewOptions());
}
