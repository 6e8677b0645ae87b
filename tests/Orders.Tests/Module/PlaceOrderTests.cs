using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

[Trait("Category", "Module")]
public sealed class PlaceOrderTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    [Fact]
    public async Task Placing_appends_one_event()
    {
        var answer = await Http.PostJson(
            Path,
            Body(
                items: """[{"productId":" p-1 ","name":"Tea \"green\" 😀","quantity":3,"unitPrice":12.3},{"productId":"p-2","name":"Cup","quantity":1,"unitPrice":5e-1}]"""));

        answer.Status.ShouldBe(201, answer.Text);
        answer.ETag.ShouldBe("\"1\"");
        var id = (string)answer.Json["id"]!;
        answer.Location.ShouldBe($"{Path}/{id}");
        answer.Json.AsObject().Select(property => property.Key).ShouldBe(
            ["id", "status", "customer", "currency", "total", "deliveryAddress", "items", "placedAt", "changedAt", "version"]);
        answer.Json["customer"]!.ToJsonString().ShouldBe($$"""{"id":"{{Ada}}","username":"ada","name":"Ada Lovelace","status":"active"}""");
        answer.Text.ShouldContain("\"total\":37.40,");
        answer.Text.ShouldContain("\"unitPrice\":12.30}");

        var read = await Http.GetJson(answer.Location!);
        read.Text.ShouldBe(answer.Text);
        read.ETag.ShouldBe("\"1\"");

        (await Postgres.ScalarAsync<string>("select data::text from orders.events")).ShouldBe(
            $$$"""{"orderId":"{{{id}}}","customerId":"{{{Ada}}}","currency":"EUR","amount":37.40,"deliveryAddress":{"street":"Unter den Linden 1","postalCode":"10117","city":"Berlin","country":"DE"},"items":[{"productId":"p-1","name":"Tea \"green\" 😀","quantity":3,"unitPrice":12.30},{"productId":"p-2","name":"Cup","quantity":1,"unitPrice":0.50}]}""");
    }

    [Fact]
    public async Task Largest_order_fits_into_the_log()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 200));
        var items = string.Join(
            ',',
            Enumerable.Repeat(
                $$"""{"productId":"{{longest[..128]}}","name":"{{longest}}","quantity":10000,"unitPrice":999999999.99}""", 100));

        var answer = await Http.PostJson(Path, Body(items: $"[{items}]"));

        answer.Status.ShouldBe(201, answer.Text);
        answer.Text.ShouldContain("\"total\":999999999990000.00,");
    }

    [Theory]
    [InlineData("2.0", "12.50", 2, "12.50", "25.00")]
    [InlineData("2e0", "12.500", 2, "12.50", "25.00")]
    [InlineData("20e-1", "1250e-2", 2, "12.50", "25.00")]
    [InlineData("1E1", "0.01250E3", 10, "12.50", "125.00")]
    [InlineData("3", "-0", 3, "0.00", "0.00")]
    [InlineData("3", "0e-999999999", 3, "0.00", "0.00")]
    [InlineData("1", "12.340000000000000000000000000000000000", 1, "12.34", "12.34")]
    public async Task Numbers_are_read_by_value(string quantity, string price, int units, string unitPrice, string total)
    {
        var items = $$"""[{"productId":"p","name":"n","quantity":{{quantity}},"unitPrice":{{price}}}]""";

        var answer = await Http.PostJson(Path, Body(items: items));

        answer.Status.ShouldBe(201, answer.Text);
        answer.Text.ShouldContain($"\"quantity\":{units},\"unitPrice\":{unitPrice}}}");
        answer.Text.ShouldContain($"\"total\":{total},");
        (await Http.GetJson(answer.Location!)).Text.ShouldBe(answer.Text);
    }

    [Fact]
    public async Task Largest_total_keeps_every_digit()
    {
        const string Item = """{"productId":"p","name":"n","quantity":10000,"unitPrice":999999999.9999}""";

        var answer = await Http.PostJson(Path, Body(currency: "\"CLF\"", items: $"[{string.Join(',', Enumerable.Repeat(Item, 100))}]"));

        answer.Status.ShouldBe(201, answer.Text);
        answer.Text.ShouldContain("\"total\":999999999999900.0000,");
        (await Http.GetJson(answer.Location!)).Text.ShouldBe(answer.Text);
    }

    [Theory]
    [InlineData("""{"street":"1 Main St","city":"Dublin","country":"IE"}""")]
    [InlineData("""{"street":"1 Main St","postalCode":null,"city":"Dublin","country":"IE"}""")]
    [InlineData("""{"street":"1 Main St","postalCode":"","city":"Dublin","country":"IE"}""")]
    [InlineData("""{"street":"1 Main St","postalCode":" ","city":"Dublin","country":"IE"}""")]
    [InlineData("""{"street":"1 Main St","postalCode":"\u3164","city":"Dublin","country":"IE"}""")]
    public async Task Absent_postal_code_is_stored_as_empty(string address)
    {
        const string Expected = """{"street":"1 Main St","postalCode":"","city":"Dublin","country":"IE"}""";

        var answer = await Http.PostJson(Path, Body(address: address));

        answer.Status.ShouldBe(201, answer.Text);
        answer.Json["deliveryAddress"]!.ToJsonString().ShouldBe(Expected);
        (await Http.GetJson(answer.Location!)).Text.ShouldBe(answer.Text);
        (await Postgres.ScalarAsync<string>("select data::text from orders.events")).ShouldContain($"\"deliveryAddress\":{Expected},");
        (await Http.PostJson($"{answer.Location}/pay", """{"reference":"r"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Only_active_customers_of_the_read_model_place_orders()
    {
        var unknown = await Http.PostJson(Path, Body($"\"{Guid.CreateVersion7()}\""));
        var inactive = await Http.PostJson(Path, Body($"\"{Bob}\""));

        (unknown.Status, unknown.Slug).ShouldBe((422, "customer-unknown"));
        (inactive.Status, inactive.Slug).ShouldBe((422, "customer-inactive"));
        (await Events()).ShouldBe(0);
    }

    [Theory]
    [InlineData("currency", "\"eur\"", "currency")]
    [InlineData("currency", "null", "currency")]
    [InlineData("currency", "978", "currency")]
    [InlineData("customerId", "null", "customerId")]
    [InlineData("customerId", "\"ada\"", "customerId")]
    [InlineData("deliveryAddress", "null", "deliveryAddress")]
    [InlineData("deliveryAddress", "[]", "deliveryAddress")]
    [
        InlineData(
            "deliveryAddress",
            "{}",
            "deliveryAddress.street",
            "deliveryAddress.postalCode",
            "deliveryAddress.city",
            "deliveryAddress.country")
    ]
    [
        InlineData(
            "deliveryAddress",
            """{"street":"S","postalCode":"1","city":"C\u0000","country":"UK"}""",
            "deliveryAddress.city",
            "deliveryAddress.country")
    ]
    [InlineData("items", "null", "items")]
    [InlineData("items", "[]", "items")]
    [InlineData("items", "{}", "items")]
    [InlineData("items", "[null]", "items[0]")]
    [InlineData("items", "[3]", "items[0]")]
    [InlineData("items", "[{}]", "items[0].productId", "items[0].name", "items[0].quantity", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":0,"unitPrice":1}]""", "items[0].quantity")]
    [
        InlineData(
            "items",
            """[{"productId":"p","name":"n","quantity":1,"unitPrice":1},{"productId":"p","name":"n","quantity":10001,"unitPrice":1}]""",
            "items[1].quantity")
    ]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1.5,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":"1","unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":-1}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":0.001}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e9}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e400}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e-30}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e-400}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e-999999999}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":1e999999999}]""", "items[0].unitPrice")]
    [
        InlineData(
            "items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":12.34000000000000000000000000001}]""", "items[0].unitPrice")
    ]
    [
        InlineData(
            "items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":999999999.999999999999999999999}]""", "items[0].unitPrice")
    ]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":-1e-3}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":"12.50"}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":null}]""", "items[0].unitPrice")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":2.5,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":25e-1,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":-0.0,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":2147483648,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1e400,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1e-400,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":null,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":true,"unitPrice":1}]""", "items[0].quantity")]
    [InlineData("items", """[{"productId":"\u3164","name":"n","quantity":1,"unitPrice":1}]""", "items[0].productId")]
    [InlineData("items", """[{"productId":"p","name":"\u2800\u200b","quantity":1,"unitPrice":1}]""", "items[0].name")]
    [InlineData("deliveryAddress", """{"street":"S","city":"\ufe0f","country":"IE"}""", "deliveryAddress.city")]
    [InlineData("deliveryAddress", """{"street":"S","city":"C","country":"DE"}""", "deliveryAddress.postalCode")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":01,"unitPrice":1}]""")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":.5}]""")]
    [InlineData("items", """[{"productId":"p","name":"n","quantity":1,"unitPrice":NaN}]""")]
    [InlineData("items", """[{"productId":"p","name":"\u0007","quantity":1,"quantity":2,"unitPrice":1}]""", "items[0].quantity")]
    public async Task Invalid_order_names_the_fields(string field, string value, params string[] fields)
    {
        var body = field switch
        {
            "currency" => Body(currency: value),
            "customerId" => Body(customerId: value),
            "deliveryAddress" => Body(address: value),
            _ => Body(items: value),
        };

        var answer = await Http.PostJson(Path, body);

        answer.Status.ShouldBe(400, answer.Text);
        answer.Slug.ShouldBe(fields.Length == 0 ? "malformed-json" : "invalid-request");
        if (fields.Length > 0)
            answer.Json["errors"].ShouldBeOfType<JsonObject>().Select(error => error.Key).ShouldBe(fields, ignoreOrder: true);
        (await Events()).ShouldBe(0);
    }

    [Fact]
    public async Task More_than_100_items_are_refused()
    {
        var items = string.Join(',', Enumerable.Repeat("""{"productId":"p","name":"n","quantity":1,"unitPrice":1}""", 101));

        var answer = await Http.PostJson(Path, Body(items: $"[{items}]"));

        answer.Status.ShouldBe(400);
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["items"]);
    }
}
