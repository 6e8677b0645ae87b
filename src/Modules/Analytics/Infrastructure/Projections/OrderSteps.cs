namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>The statuses of an order.</summary>
internal static class OrderSteps
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Cancelled = "cancelled";
}
