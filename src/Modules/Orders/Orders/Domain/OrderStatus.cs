namespace Monolith.Modules.Orders.Domain;

/// <summary>How far an order is: placed, paid, shipped; or cancelled before it was shipped.</summary>
internal static class OrderStatus
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";

    public static IReadOnlyCollection<string> All { get; } = [Placed, Paid, Shipped, Cancelled];
}
