namespace Monolith.System.Tests.Verification;

/// <summary>An order, folded from the log by the tests themselves.</summary>
internal sealed record OrderState(
    Guid Id, Guid Customer, string Currency, decimal Total, DateTimeOffset PlacedAt, string Status, long Version)
{
    /// <summary>The orders after a log.</summary>
    public static Dictionary<Guid, OrderState> Fold(IEnumerable<LoggedEvent> events)
    {
        var orders = new Dictionary<Guid, OrderState>();
        foreach (var logged in events)
            orders[logged.Stream] = After(orders.GetValueOrDefault(logged.Stream), logged);
        return orders;
    }

    private static OrderState After(OrderState? before, LoggedEvent logged)
    {
        var after = logged.Type switch
        {
            "order.placed.v1" => Placed(logged),
            "order.paid.v1" => before! with { Status = "paid" },
            "order.shipped.v1" => before! with { Status = "shipped" },
            "order.cancelled.v1" => before! with { Status = "cancelled" },
            _ => before!,
        };
        return after with { Version = logged.Version };
    }

    private static OrderState Placed(LoggedEvent logged)
    {
        var fields = logged.Fields();
        var total = fields.GetProperty("items")
            .EnumerateArray()
            .Sum(item => item.GetProperty("quantity").GetInt32() * item.GetProperty("unitPrice").GetDecimal());
        fields.GetProperty("amount").GetDecimal().ShouldBe(total);
        return new OrderState(
            logged.Stream,
            fields.GetProperty("customerId").GetGuid(),
            fields.GetProperty("currency").GetString()!,
            total,
            logged.At,
            "placed",
            0);
    }
}
