using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Customers.Contracts;
using Monolith.Testing.Golden;

namespace Monolith.Customers.Tests.Unit;

/// <summary>Every published version of every event can be read, and is written with the same bytes.</summary>
[Trait("Category", "Unit")]
public sealed class GoldenEventTests
{
    private static readonly EventCatalogue Catalogue = new(CustomersTopic.Name, CustomersJson.Contracts);
    private static readonly GoldenEvents Golden = GoldenEvents.Of(Catalogue);
    private static readonly Guid Zoe = Guid.Parse("0198c0f0-1111-7222-8333-444455556666");

    private static readonly Dictionary<string, IEvent> Expected = new()
    {
        ["customer.registered.v1"] = new CustomerRegistered(Zoe, "zoe_li.1", "Zoë 😀", "李 <&'+>", "zoe@example.org"),
        ["customer.renamed.v1"] = new CustomerRenamed(Zoe, "Zoë", "Quo\\te \""),
        ["customer.email-changed.v1"] = new CustomerEmailChanged(Zoe, "zoe.li@example.org"),
        ["customer.deactivated.v1"] = new CustomerDeactivated(Zoe, "moved away"),
        ["customer.reactivated.v1"] = new CustomerReactivated(Zoe, "came back"),
    };

    public static TheoryData<string> Published => [.. Golden.TypeNames];

    [Fact]
    public void Every_event_has_golden_files_and_its_published_shape() => Golden.Faults().ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Published))]
    public void Published_event_deserializes_to_the_expected_event(string typeName) => Golden.Read(typeName).ShouldBe(Expected[typeName]);

    [Fact]
    public void Written_bytes_equal_the_published_bytes()
    {
        foreach (var name in Catalogue.Definitions.Select(definition => definition.Name))
            Catalogue.Serialize(Expected[name]).ShouldBe(Golden.StoredData(name));
    }
}
