using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Orders.History;

/// <summary>An order with the fields that callers see, and what was said when it was paid, shipped or cancelled.</summary>
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
    /// <summary>Of the payment; null as long as the order is not paid.</summary>
    public string? Reference { get; init; }

    /// <summary>Who delivers it; null as long as it is not shipped.</summary>
    public string? Carrier { get; init; }

    /// <summary>The carrier's number for it; null as long as it is not shipped.</summary>
    public string? TrackingNumber { get; init; }

    /// <summary>Why it was cancelled; null where it was not.</summary>
    public string? Reason { get; init; }
}
