namespace Monolith.Modules.Analytics.Facts;

/// <summary>How far an order is, as the events say.</summary>
internal static class OrderSteps
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";
}
