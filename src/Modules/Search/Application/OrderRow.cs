namespace Monolith.Modules.Search.Application;

/// <summary>A row of the order index.</summary>
internal sealed record OrderRow(
    Guid Id,
    Guid CustomerId,
    string Status,
    string Currency,
    decimal Total,
    string City,
    string Country,
    IReadOnlyList<OrderedItem> Items,
    DateTimeOffset PlacedAt)
{
    public bool Equals(OrderRow? other) => other is not null
        && (Id, CustomerId, Status, Currency, Total, City, Country, PlacedAt)
            == (other.Id, other.CustomerId, other.Status, other.Currency, other.Total, other.City, other.Country, other.PlacedAt)
        && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => HashCode.Combine(Id, Status, Items.Count);
}

internal sealed record OrderedItem(string ProductId, string Name, int Quantity);

/// <summary>The values of <see cref="OrderRow.Status"/>.</summary>
internal static class OrderStatus
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";

    public static IReadOnlyCollection<string> All { get; } = [Placed, Paid, Shipped, Cancelled];
}
