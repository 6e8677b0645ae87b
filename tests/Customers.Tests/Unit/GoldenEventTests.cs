using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Customers.Contracts;
using Monolith.Testing.Golden;

namespace Monolith.Customers.Tests.Unit;

/// <summary>Every version of every event that was ever published can be read, and is written as it was.</summary>
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
    public void A_published_event_is_read_as_it_was_meant(string typeName) => Golden.Read(typeName).ShouldBe(Expected[typeName]);

    [Fact]
    public void What_is_written_has_the_bytes_that_were_published()
    {
        foreach (var name in Catalogue.Definitions.Select(definition => definition.Name))
            Catalogue.Serialize(Expected[name]).ShouldBe(Golden.StoredData(name));
    }
}
