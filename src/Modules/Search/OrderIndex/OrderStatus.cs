namespace Monolith.Modules.Search.OrderIndex;

/// <summary>How far an order is, in the words of this index.</summary>
internal static class OrderStatus
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";

    public static IReadOnlyCollection<string> All { get; } = [Placed, Paid, Shipped, Cancelled];
}
