using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Orders.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class OrderRulesTests
{
    private const string Emoji = "\U0001F600";

    private static readonly Address Berlin = new("Unter den Linden 1", "10117", "Berlin", "DE");
    private static readonly PlaceOrder.Item Tea = new("p-1", "Tea", 3, 12.30m);
    private static readonly PlaceOrder Good = new(Guid.CreateVersion7(), "EUR", Berlin, [Tea]);

    public static TheoryData<string, int> Texts => new()
    {
        { "DeliveryAddress.Street", 200 }, { "DeliveryAddress.PostalCode", 20 }, { "DeliveryAddress.City", 100 },
            { "Items[0].ProductId", 64 }, { "Items[0].Name", 200 },
    };

    [Fact]
    public void Valid_order_is_accepted() => Faults(Good).ShouldBeEmpty();

    [Theory, MemberData(nameof(Texts))]
    public void Text_has_a_maximum_length_and_visible_characters(string field, int most)
    {
        Faults(With(field, string.Concat(Enumerable.Repeat(Emoji, most)))).ShouldBeEmpty();
        Faults(With(field, new string('x', most) + "  ")).ShouldBeEmpty();
        foreach (var bad in new[] { null, "", " ", "\u200b", "\u3164", "\u2800", "\ufe0f", "a\0b", "a\tb", "a\u0085b", "\ud800", new string(
            'x', most + 1), string.Concat(Enumerable.Repeat(Emoji, most + 1)) })
            Faults(With(field, bad!)).ShouldBe([field], $"'{bad}'");
    }

    [Theory]
    [InlineData("EUR", "12.34", true)]
    [InlineData("EUR", "12.340", true)]
    [InlineData("EUR", "12.345", false)]
    [InlineData("EUR", "0", true)]
    [InlineData("EUR", "-0.01", false)]
    [InlineData("EUR", "999999999.99", true)]
    [InlineData("EUR", "1000000000", false)]
    [InlineData("JPY", "12", true)]
    [InlineData("JPY", "12.0", true)]
    [InlineData("JPY", "12.5", false)]
    [InlineData("KWD", "1.234", true)]
    [InlineData("KWD", "1.2345", false)]
    [InlineData("CLF", "1.2345", true)]
    public void Price_fits_its_currency(string currency, string price, bool good)
    {
        var order = Good with { Currency = currency, Items =
            [Tea, Tea with { UnitPrice = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture) }] };
        if (currency != "EUR")
            order = order with { Items = [order.Items[1]] };

        Faults(order).ShouldBe(good ? [] : [$"Items[{order.Items.Count - 1}].UnitPrice"]);
    }

    [Theory]
    [InlineData("IE")]
    [InlineData("HK")]
    [InlineData("AE")]
    [InlineData("QA")]
    [InlineData("PA")]
    [InlineData(" JM ")]
    public void Postal_code_may_be_absent_where_the_country_has_none(string country)
    {
        foreach (var code in new[] { null, "", "  ", "\u3164", "D02 AF30" })
            Faults(InCountry(country, code)).ShouldBeEmpty($"'{code}'");
        foreach (var bad in new[] { new string('1', 21), "a\0b", "\0", "\ud800" })
            Faults(InCountry(country, bad)).ShouldBe(["DeliveryAddress.PostalCode"], $"'{bad}'");
    }

    [Theory]
    [InlineData("DE")]
    [InlineData("US")]
    [InlineData("GB")]
    [InlineData("JP")]
    [InlineData("BR")]
    [InlineData("IN")]
    [InlineData("ZA")]
    public void Postal_code_is_required_elsewhere(string country)
    {
        foreach (var code in new[] { null, "", "  ", "\u3164" })
            Faults(InCountry(country, code)).ShouldBe(["DeliveryAddress.PostalCode"], $"'{code}'");
    }

    [Fact]
    public void Countries_without_postal_codes_are_countries()
    {
        Country.WithoutPostalCodes.ShouldBeUnique();
        Country.WithoutPostalCodes.ShouldBeSubsetOf(Country.Codes);
        Country.WithoutPostalCodes.Count.ShouldBeInRange(50, 90);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    [InlineData(int.MaxValue)]
    public void Quantity_has_bounds(int quantity) =>
        Faults(Good with { Items = [Tea with { Quantity = quantity }] }).ShouldBe(["Items[0].Quantity"]);

    [Fact]
    public void Missing_price_is_refused() =>
        Faults(Good with { Items = [Tea with { UnitPrice = null }] }).ShouldBe(["Items[0].UnitPrice"]);

    [Fact]
    public void Items_are_1_to_100()
    {
        Faults(Good with { Items = [.. Enumerable.Repeat(Tea, 100)] }).ShouldBeEmpty();
        Faults(Good with { Items = [.. Enumerable.Repeat(Tea, 101)] }).ShouldBe(["Items"]);
        Faults(Good with { Items = [] }).ShouldBe(["Items"]);
        Faults(Good with { Items = null! }).ShouldBe(["Items"]);
        Faults(Good with { Items = [Tea, null!] }).ShouldBe(["Items[1]"]);
    }

    [Fact]
    public void Missing_fields_are_named()
    {
        Faults(new PlaceOrder(default, null!, null!, null!)).ShouldBe(["CustomerId", "Currency", "DeliveryAddress", "Items"]);
        foreach (var country in new[] { null, "", "UK", "de", "DEU", "D" })
            Faults(Good with { DeliveryAddress = Berlin with { Country = country! } }).ShouldBe(["DeliveryAddress.Country"]);
        foreach (var currency in new[] { "", "eur", "XXX", "EURO" })
            Faults(Good with { Currency = currency }).ShouldBe(["Currency"]);
    }

    [Fact]
    public void Steps_require_their_texts()
    {
        var (good, bad) = (new string('x', 100), new string('x', 101));
        new PayOrderValidator().Validate(new PayOrder(good)).IsValid.ShouldBeTrue();
        new PayOrderValidator().Validate(new PayOrder(bad)).IsValid.ShouldBeFalse();
        new ShipOrderValidator().Validate(new ShipOrder(good, good)).IsValid.ShouldBeTrue();
        new ShipOrderValidator().Validate(new ShipOrder(bad, null!)).Errors.Count.ShouldBe(2);
        new CancelOrderValidator().Validate(new CancelOrder(new string('x', 500))).IsValid.ShouldBeTrue();
        new CancelOrderValidator().Validate(new CancelOrder(new string('x', 501))).IsValid.ShouldBeFalse();
    }

    private static PlaceOrder With(string field, string text) => field switch
    {
        "DeliveryAddress.Street" => Good with { DeliveryAddress = Berlin with { Street = text } },
        "DeliveryAddress.PostalCode" => Good with { DeliveryAddress = Berlin with { PostalCode = text } },
        "DeliveryAddress.City" => Good with { DeliveryAddress = Berlin with { City = text } },
        "Items[0].ProductId" => Good with { Items = [Tea with { ProductId = text }] },
        _ => Good with { Items = [Tea with { Name = text }] },
    };

    private static PlaceOrder InCountry(string country, string? postalCode) =>
        Good with { DeliveryAddress = Berlin with { Country = country, PostalCode = postalCode } };

    private static string[] Faults(PlaceOrder order) =>
        [.. new PlaceOrderValidator().Validate(order).Errors.Select(error => error.PropertyName)];
}
