using CsCheck;
using Monolith.BuildingBlocks.Events;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Customers.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class CustomersContractsTests
{
    private static readonly EventCatalogue Catalogue = new(CustomersTopic.Name, CustomersJson.Contracts);

    [Fact]
    public void Type_names_are_the_published_ones() => Catalogue.Definitions.Select(definition => definition.Name).Order().ShouldBe(
        [
            "customer.deactivated.v1",
            "customer.email-changed.v1",
            "customer.reactivated.v1",
            "customer.registered.v1",
            "customer.renamed.v1"
        ]);

    [Fact]
    public void Personal_fields_are_marked() =>
        Catalogue.Definitions.Single(definition => definition.Name == "customer.registered.v1")
            .PersonalFields.ShouldBe(["username", "firstName", "lastName", "email"], ignoreOrder: true);

    [Fact]
    public void Text_is_written_as_text()
    {
        var json = Catalogue.Serialize(new CustomerRenamed(Guid.Empty, "Zoë \U0001F600 李 <&'+>", "\"\\\n"));

        json.ShouldBe("""{"customerId":"00000000-0000-0000-0000-000000000000","firstName":"Zoë 😀 李 <&'+>","lastName":"\"\\\n"}""");
    }

    [Fact]
    public void Any_text_survives_a_round_trip() => Gen.Select(Gen.String, Gen.String).Sample((first, last) =>
    {
        var whole = new CustomerRenamed(Guid.Empty, Whole(first), Whole(last));
        var read = System.Text.Json.JsonSerializer.Deserialize(Catalogue.Serialize(whole), CustomersJson.Contracts.CustomerRenamed);
        return whole == read;
    });

    // Validation refuses an unpaired surrogate, and JSON cannot represent it.
    private static string Whole(string text) => string.Concat(text.EnumerateRunes());
}
