namespace Monolith.Modules.Search.OrderIndex;

/// <summary>An order as search shows it. Of its customer it knows the id alone: a name that changes is found at once, in the other index.</summary>
internal sealed record OrderRow(
    Guid Id, Guid CustomerId, string Status, string Currency, decimal Total, string City, string Country, IReadOnlyList<OrderedItem> Items, DateTimeOffset PlacedAt)
{
    public bool Equals(OrderRow? other) => other is not null
        && (Id, CustomerId, Status, Currency, Total, City, Country, PlacedAt) == (other.Id, other.CustomerId, other.Status, other.Currency, other.Total, other.City, other.Country, other.PlacedAt)
        && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => HashCode.Combine(Id, Status, Items.Count);
}
