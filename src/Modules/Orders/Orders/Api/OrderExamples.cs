using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Api;

/// <summary>What callers may send, one example a use case; shown in the documentation, and sent by a test.</summary>
internal static class OrderExamples
{
    public static Guid Id { get; } = Guid.Parse("0198a8a0-0000-7000-8000-000000000002");

    public static PlaceOrder Place { get; } = new(
        Guid.Parse("0198a8a0-0000-7000-8000-000000000001"), "EUR", new Address("Hauptstr. 1", "10115", "Berlin", "DE"), [new PlaceOrder.Item("p-1", "Tea", 2, 4.50m)]);

    public static PayOrder Pay { get; } = new("invoice 1");

    public static ShipOrder Ship { get; } = new("DHL", "00340434161094015902");

    public static CancelOrder Cancel { get; } = new("ordered twice");
}
