namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>An order with its lines and events.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">The customer.</param>
/// <param name="Currency">The ISO 4217 code.</param>
/// <param name="Digits">The number of decimal digits of amounts, taken from the amounts of the event.</param>
/// <param name="Total">The total amount.</param>
/// <param name="Units">The sum of quantities.</param>
/// <param name="City">The city of the delivery address.</param>
/// <param name="Country">The country of the delivery address, ISO 3166 alpha-2.</param>
/// <param name="Status">One of <see cref="OrderSteps"/>.</param>
/// <param name="PlacedAt">The time of placing.</param>
/// <param name="PaidAt">The time of payment.</param>
/// <param name="ShippedAt">The time of shipment.</param>
/// <param name="CancelledAt">The time of cancellation.</param>
/// <param name="Lines">The order lines.</param>
/// <param name="Events">The events.</param>
internal sealed record OrderRow(
    Guid OrderId,
    Guid CustomerId,
    string Currency,
    int Digits,
    decimal Total,
    int Units,
    string City,
    string Country,
    string Status,
    DateTimeOffset PlacedAt,
    DateTimeOffset? PaidAt,
    DateTimeOffset? ShippedAt,
    DateTimeOffset? CancelledAt,
    Items<OrderLineRow> Lines,
    Items<OrderEventRow> Events);

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">The name of the product at that time.</param>
/// <param name="Quantity">The number of units.</param>
/// <param name="UnitPrice">The price of a unit.</param>
/// <param name="Amount">Quantity times unit price.</param>
/// <param name="IsFirst">Whether it is the first line of the order with this product; used to count the orders of a product.</param>
internal sealed record OrderLineRow(string ProductId, string Name, int Quantity, decimal UnitPrice, decimal Amount, bool IsFirst);

/// <summary>An event of an order.</summary>
/// <param name="EventId">The event's id.</param>
/// <param name="Version">The stream version.</param>
/// <param name="Step">The status after the event.</param>
/// <param name="OccurredAt">The time of the event.</param>
internal sealed record OrderEventRow(Guid EventId, long Version, string Step, DateTimeOffset OccurredAt);
