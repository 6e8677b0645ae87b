using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Orders.Contracts;
using Monolith.Testing.Golden;

namespace Monolith.Orders.Tests.Unit;

/// <summary>Every published version of every event can be read, and is written with the same bytes.</summary>
[Trait("Category", "Unit")]
public sealed class GoldenEventTests
{
    private static readonly EventCatalogue Catalogue = new(OrdersTopic.Name, OrdersJson.Contracts);
    private static readonly GoldenEvents Golden = GoldenEvents.Of(Catalogue);
    private static readonly Guid Order = Guid.Parse("0198c0f0-aaaa-7bbb-8ccc-ddddeeeeffff");
    private static readonly Guid Zoe = Guid.Parse("0198c0f0-1111-7222-8333-444455556666");

    private static readonly Dictionary<string, IEvent> Expected = new()
    {
        ["order.placed.v1"] = new OrderPlaced(
            Order,
            Zoe,
            "EUR",
            36.90m,
            new DeliveryAddress("Unter den Linden 1", "10117", "Berlin", "DE"),
            new List<OrderLine> { new("p-1", "Tee 茶", 3, 12.30m), new("p-2", "Gift", 1, 0.00m) }),
        ["order.paid.v1"] = new OrderPaid(Order, Zoe, "EUR", 36.90m, "PAY-1"),
        ["order.shipped.v1"] = new OrderShipped(Order, Zoe, "DHL", "00340"),
        ["order.cancelled.v1"] = new OrderCancelled(Order, Zoe, "JPY", 500m, true, "changed my mind"),
    };

    public static TheoryData<string> Published => [.. Golden.TypeNames];

    [Fact]
    public void Every_event_has_golden_files_and_its_published_shape() => Golden.Faults().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_event_deserializes_to_the_expected_event(string typeName) =>
        Golden.Read(typeName).ShouldBeEquivalentTo(Expected[typeName]);

    [Fact]
    public void Written_bytes_equal_the_published_bytes()
    {
        foreach (var name in Catalogue.Definitions.Select(definition => definition.Name))
            Catalogue.Serialize(Expected[name]).ShouldBe(Golden.StoredData(name));
    }
}
