namespace Monolith.Modules.Analytics.Facts;

/// <summary>An order with its lines and the times of its steps.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CustomerId">Who placed it.</param>
/// <param name="Currency">ISO 4217 code of every amount.</param>
/// <param name="Digits">How many digits behind the point the amounts of the currency are written with; the event's own amount says so.</param>
/// <param name="Total">What it comes to.</param>
/// <param name="Units">How many pieces.</param>
/// <param name="City">Where it goes.</param>
/// <param name="Country">ISO 3166 alpha-2 code.</param>
/// <param name="Status">How far it is.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="ShippedAt">When it was shipped.</param>
/// <param name="CancelledAt">When it was cancelled.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Events">What happened to it.</param>
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
/// <param name="Name">Its name when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one.</param>
/// <param name="Amount">The price of all.</param>
/// <param name="IsFirst">Whether it is the first line of the order with this product: orders of a product are counted by it.</param>
internal sealed record OrderLineRow(string ProductId, string Name, int Quantity, decimal UnitPrice, decimal Amount, bool IsFirst);

/// <summary>Something that happened to an order.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Version">Its number in the order's stream.</param>
/// <param name="Step">The status that the order came into.</param>
/// <param name="OccurredAt">When.</param>
internal sealed record OrderEventRow(Guid EventId, long Version, string Step, DateTimeOffset OccurredAt);
