using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Orders.Tests.Unit;

[Trait("Category", "Unit")]
public sealed class OrderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Customer = Guid.CreateVersion7();
    private static readonly Address Berlin = new("Unter den Linden 1", "10117", "Berlin", "DE");
    private static readonly OrderItem Tea = new("p-1", "Tea", 3, 12.30m);

    [Fact]
    public void Placing_computes_the_total_and_raises_one_event()
    {
        var order = Placed();

        order.Total.ShouldBe(37.40m);
        order.Status.ShouldBe(OrderStatus.Placed);
        var placed = order.RaisedEvents.ShouldHaveSingleItem().Data.ShouldBeOfType<OrderPlaced>();
        (placed.OrderId, placed.CustomerId, placed.Currency, placed.Amount).ShouldBe((order.Id, Customer, "EUR", 37.40m));
        placed.DeliveryAddress.ShouldBe(new DeliveryAddress("Unter den Linden 1", "10117", "Berlin", "DE"));
        placed.Items.ShouldBe([new OrderLine("p-1", "Tea", 3, 12.30m), new OrderLine("p-2", "Cup", 1, 0.50m)]);
    }

    [Fact]
    public void Order_without_items_is_refused() => Refused(items: []).ShouldBe(["items"]);

    [Fact]
    public void Order_with_too_many_items_is_refused() => Refused(items: [.. Enumerable.Repeat(Tea, 101)]).ShouldBe(["items"]);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void Order_with_a_quantity_out_of_bounds_is_refused(int quantity) =>
        Refused(items: [Tea, Tea with { Quantity = quantity }]).ShouldBe(["items[1].quantity"]);

    [Theory]
    [InlineData("EUR", "-0.01")]
    [InlineData("EUR", "12.345")]
    [InlineData("EUR", "1000000000")]
    [InlineData("JPY", "12.5")]
    public void Order_with_a_price_out_of_bounds_is_refused(string currency, string price)
    {
        var item = Tea with { UnitPrice = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture) };

        Refused(items: [item], currency: currency).ShouldBe(["items[0].unitPrice"]);
    }

    [Fact]
    public void Order_with_an_invalid_address_is_refused() =>
        Refused(address: new Address(" ", "", new string('x', 101), "XX")).ShouldBe(
            ["deliveryAddress.street", "deliveryAddress.postalCode", "deliveryAddress.city", "deliveryAddress.country"]);

    [Fact]
    public void Order_to_a_country_without_postal_codes_needs_none() =>
        Refused(address: new Address("Main Street 1", "\u3164", "Dublin", "IE")).ShouldBeEmpty();

    [Fact]
    public void Order_without_a_customer_is_refused() => Refused(customer: Guid.Empty).ShouldBe(["customerId"]);

    [Fact]
    public void Step_with_an_invalid_text_changes_nothing()
    {
        var order = Placed();

        order.Pay("", Noon)!.Fields!.Keys.ShouldBe(["reference"]);
        order.Cancel(new string('x', 501), Noon)!.Fields!.Keys.ShouldBe(["reason"]);
        order.Pay("ref", Noon).ShouldBeNull();
        order.Ship("", new string('x', 101), Noon)!.Fields!.Keys.ShouldBe(["carrier", "trackingNumber"]);

        (order.Status, order.Version).ShouldBe((OrderStatus.Paid, 2));
    }

    [Fact]
    public void Amounts_are_written_with_the_digits_of_their_currency()
    {
        Text(Placed().Total).ShouldBe("37.40");
        Text(Currency.Find("JPY")!.Express(12.0m)).ShouldBe("12");
        Text(Currency.Find("KWD")!.Express(1.5m)).ShouldBe("1.500");
        Text(Currency.Find("CLF")!.Express(1m)).ShouldBe("1.0000");
    }

    [Fact]
    public void Order_is_paid_then_shipped()
    {
        var order = Placed();

        order.Pay(" ref ", Noon).ShouldBeNull();
        order.Ship(" DHL ", " 123 ", Noon).ShouldBeNull();

        order.Status.ShouldBe(OrderStatus.Shipped);
        order.RaisedEvents.Skip(1).Select(raised => raised.Data)
            .ShouldBe([new OrderPaid(order.Id, Customer, "EUR", 37.40m, "ref"), new OrderShipped(order.Id, Customer, "DHL", "123")]);
        order.Version.ShouldBe(3);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cancellation_records_whether_the_order_was_paid(bool paid)
    {
        var order = Placed();
        if (paid)
            order.Pay("ref", Noon);

        order.Cancel("changed my mind", Noon).ShouldBeNull();

        order.RaisedEvents[^1].Data.ShouldBe(new OrderCancelled(order.Id, Customer, "EUR", 37.40m, paid, "changed my mind"));
    }

    [Theory]
    [InlineData("", "ship")]
    [InlineData("pay", "pay")]
    [InlineData("pay ship", "pay")]
    [InlineData("pay ship", "ship")]
    [InlineData("pay ship", "cancel")]
    [InlineData("cancel", "pay")]
    [InlineData("cancel", "ship")]
    [InlineData("cancel", "cancel")]
    [InlineData("pay cancel", "ship")]
    public void Other_steps_are_refused(string before, string step)
    {
        var order = Placed();
        foreach (var done in before.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Step(order, done).ShouldBeNull();
        var (status, version) = (order.Status, order.Version);

        Step(order, step)!.Slug.ShouldBe("order-status");

        (order.Status, order.Version).ShouldBe((status, version));
    }

    [Fact]
    public void Code_tables_are_complete()
    {
        foreach (var (code, digits) in new[] { ("EUR", 2), ("USD", 2), ("JPY", 0), ("KRW", 0), ("ISK", 0), ("KWD", 3), ("TND", 3), (
            "CLF", 4), ("UYW", 4), ("VED", 2), ("ZWG", 2) })
            Currency.Find(code)!.MinorDigits.ShouldBe(digits, code);
        foreach (var code in new[] { null, "", "eur", "XXX", "XTS", "XAU", "EU", "EURO", "DEM" })
            Currency.Find(code).ShouldBeNull(code);

        Enumerable.Range(0, 26 * 26).Select(i => $"{(char)('A' + (i / 26))}{(char)('A' + (i % 26))}").Count(Country.IsKnown).ShouldBe(249);
        Country.IsKnown("DE").ShouldBeTrue();
        Country.IsKnown("UK").ShouldBeFalse();
        Country.IsKnown("de").ShouldBeFalse();
    }

    private static IEnumerable<string> Refused(
        OrderItem[]? items = null, Address? address = null, string currency = "EUR", Guid? customer = null) =>
        Order.Place(customer ?? Customer, Currency.Find(currency)!, address ?? Berlin, items ?? [Tea], Noon).Error?.Fields!.Keys ?? [];

    private static Order Placed() => Order.Place(
        Customer,
        Currency.Find("EUR")!,
        new Address(" Unter den Linden 1 ", "10117", "Berlin", "DE"),
        [new OrderItem(" p-1", "Tea ", 3, 12.3m), new OrderItem("p-2", "Cup", 1, 0.500m)],
        Noon).Value;

    private static BuildingBlocks.Domain.Error? Step(Order order, string step) => step switch
    {
        "pay" => order.Pay("ref", Noon),
        "ship" => order.Ship("DHL", "123", Noon),
        _ => order.Cancel("why", Noon),
    };

    private static string Text(decimal amount) => amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
