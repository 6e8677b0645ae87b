using System.Text.Json.Nodes;
using CsCheck;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

/// <summary>The past states of an order, and its events together with those of other modules.</summary>
[Trait("Category", "Module")]
public sealed class TimeMachineTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    private const string Streams = "/admin/api/streams";
    private const string EventList = "/admin/api/events";

    private static readonly string[] OfTheOrder =
        ["id", "status", "currency", "total", "deliveryAddress", "items", "placedAt", "changedAt", "version"];
    private static readonly (string Currency, decimal Step)[] Currencies = [("EUR", 0.01m), ("JPY", 1m), ("KWD", 0.001m)];

    private static Gen<(int Currency, int Price, int Quantity, int Lines, int Fate)> History =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 100_000], Gen.Int[1, 50], Gen.Int[1, 4], Gen.Int[0, 4]);

    [Fact]
    public async Task Latest_state_equals_the_API_response() => await History.SampleAsync(
        async h =>
        {
            var (currency, step) = Currencies[h.Currency];
            var items = string.Join(
                ',',
                Enumerable.Range(1, h.Lines)
                    .Select(
                        line =>
                            FormattableString.Invariant(
                                $$"""{"productId":"p-{{line}}","name":"Tee 茶 {{line}}","quantity":{{h.Quantity}},"unitPrice":{{h.Price * step}}}""")));
            var placed = await Http.PostJson(Path, Body(currency: $"\"{currency}\"", items: $"[{items}]"));
            placed.Status.ShouldBe(201, placed.Text);
            foreach (var (verb, body) in Fate(h.Fate))
                (await Http.PostJson($"{placed.Location}/{verb}", body)).Status.ShouldBe(200);

            var state = (await ReadHistory(placed.Location!))["state"]!;
            var got = (await Http.GetJson(placed.Location!)).Json;

            foreach (var field in OfTheOrder)
                JsonNode.DeepEquals(state[field], got[field])
                    .ShouldBeTrue($"{field}: {state[field]?.ToJsonString()} is not {got[field]?.ToJsonString()}");
            state["customerId"]!.GetValue<string>().ShouldBe((string)got["customer"]!["id"]!);
        },
        iter: TestScale.Of(100),
        threads: 1);

    [Fact]
    public async Task Each_event_shows_its_changes()
    {
        var path = await Placed();
        await Http.PostJson($"{path}/pay", """{"reference":"PAY-1"}""");
        await Http.PostJson($"{path}/ship", """{"carrier":"DHL","trackingNumber":"00340"}""");

        var history = await ReadHistory(path);

        history["entity"]!.GetValue<string>().ShouldBe("order");
        Changes(history, 0).ShouldContain("""{"field":"deliveryAddress.city","before":null,"after":"Berlin"}""");
        Changes(history, 0)
            .ShouldContain("""{"field":"items","before":null,"after":[{"productId":"p-1","name":"Tea","quantity":3,"unitPrice":12.30}]}""");
        Changes(history, 1)
            .ShouldBe("""[{"field":"status","before":"placed","after":"paid"},{"field":"reference","before":null,"after":"PAY-1"}]""");
        Changes(history, 2)
            .ShouldBe(
                """[{"field":"status","before":"paid","after":"shipped"},{"field":"carrier","before":null,"after":"DHL"},{"field":"trackingNumber","before":null,"after":"00340"}]""");

        var before = await ReadHistory(path, "?version=1");
        before["state"]!["status"]!.GetValue<string>().ShouldBe("placed");
        before["state"]!["reference"].ShouldBeNull();
        var diff = (await Http.GetJson($"{Streams}{path[Path.Length..]}/diff?from=1&to=3")).Json;
        diff["changes"]!.AsArray().Select(change => (string)change!["field"]!)
            .ShouldBe(["status", "reference", "carrier", "trackingNumber"]);
    }

    [Fact]
    public async Task Causes_and_consequences_are_found_in_other_modules_too()
    {
        var customer = await Http.PostJson(
            "/api/v1/customers", """{"username":"ada","firstName":"Ada","lastName":"Lovelace","email":"ada@example.org"}""");
        await Http.PostJson($"{customer.Location}/deactivate", """{"reason":"left"}""");
        var order = await Placed();
        await Http.PostJson($"{order}/cancel", """{"reason":"its customer left"}""");
        // Written as by a command that the deactivation caused.
        await Postgres.ExecuteAsync(
            """
            update orders.events set (causation_id, correlation_id) = (select event_id, correlation_id from customers.events where type = 'customer.deactivated.v1')
            where type = 'order.cancelled.v1'
            """);

        var cause = (await Items($"{EventList}?type=customer.deactivated.v1")).ShouldHaveSingleItem();
        var traced = (await Http.GetJson($"{EventList}/{cause["id"]}")).Json;
        traced["caused"]!.AsArray().Select(e => $"{e!["module"]} {e["type"]}").ShouldBe(["orders order.cancelled.v1"]);
        traced["correlated"]!.AsArray().Select(e => (string)e!["type"]!).ShouldBe(["customer.deactivated.v1", "order.cancelled.v1"]);

        var effect = (await Http.GetJson($"{EventList}/{traced["caused"]![0]!["id"]}")).Json;
        effect["causedBy"]!["module"]!.GetValue<string>().ShouldBe("customers");
        effect["causedBy"]!["id"]!.GetValue<string>().ShouldBe((string)cause["id"]!);
    }

    [Fact]
    public async Task Logs_of_all_modules_are_listed_by_time()
    {
        for (var i = 0; i < 6; i++)
        {
            await Http.PostJson(
                "/api/v1/customers", $$"""{"username":"user{{i}}","firstName":"A","lastName":"B","email":"a@example.org"}""");
            await Placed();
        }

        var paged = new List<JsonNode>();
        for (var next = $"{EventList}?limit=5"; next is not null;)
        {
            var page = (await Http.GetJson(next)).Json;
            paged.AddRange(page["items"]!.AsArray().Select(e => e!));
            next = (string?)page["next"];
        }

        paged.Select(e => (string)e["module"]!).ShouldBe(Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "customers" : "orders"));
        (await Items($"{EventList}?module=orders")).Count.ShouldBe(6);
        (await Http.GetJson("/admin/api/logs")).Json["items"]!.AsArray().Select(log => (string)log!["module"]!)
            .ShouldBe(["orders", "customers"], ignoreOrder: true);
    }

    private static (string Verb, string Body)[] Fate(int fate)
    {
        var pay = ("pay", """{"reference":"PAY-1"}""");
        var cancel = ("cancel", """{"reason":"why"}""");
        return fate switch
        {
            0 => [],
            1 => [pay],
            2 => [pay, ("ship", """{"carrier":"DHL","trackingNumber":"1"}""")],
            3 => [cancel],
            _ => [pay, cancel],
        };
    }

    private static string Changes(JsonNode history, int e) => history["events"]![e]!["changes"]!.ToJsonString();

    private async Task<JsonNode> ReadHistory(string path, string query = "")
    {
        var answer = await Http.GetJson($"{Streams}{path[Path.Length..]}{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    private async Task<IReadOnlyList<JsonNode>> Items(string path) =>
        [.. (await Http.GetJson(path)).Json["items"]!.AsArray().Select(item => item!)];
}
