using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

[Trait("Category", "Module")]
public sealed class OrderStepsTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    private const string Pay = """{"reference":" ref-1 "}""";
    private const string Ship = """{"carrier":"DHL","trackingNumber":"123"}""";
    private const string Cancel = """{"reason":"changed my mind"}""";

    [Fact]
    public async Task Order_is_paid_then_shipped()
    {
        var order = await Placed();

        var paid = await Http.PostJson($"{order}/pay", Pay, "If-Match", "\"1\"");
        var shipped = await Http.PostJson($"{order}/ship", Ship);

        (paid.Status, paid.ETag, (string?)paid.Json["status"]).ShouldBe((200, "\"2\"", "paid"));
        (shipped.Status, shipped.ETag, (string?)shipped.Json["status"]).ShouldBe((200, "\"3\"", "shipped"));
        (await Http.GetJson(order)).Text.ShouldBe(shipped.Text);
        (await Postgres.QueryAsync<string>("select data::text from orders.events where stream_version > 1 order by stream_version"))
            .ShouldBe(
        [
            $$"""{"orderId":"{{order.Split('/')[^1]}}","customerId":"{{Ada}}","currency":"EUR","amount":36.90,"reference":"ref-1"}""",
            $$"""{"orderId":"{{order.Split('/')[^1]}}","customerId":"{{Ada}}","carrier":"DHL","trackingNumber":"123"}""",
        ]);
    }

    [Theory]
    [InlineData("ship")]
    [InlineData("pay pay")]
    [InlineData("pay ship cancel")]
    [InlineData("cancel pay")]
    [InlineData("cancel cancel")]
    public async Task Other_steps_are_conflicts(string steps)
    {
        var order = await Placed();
        var all = steps.Split(' ');
        foreach (var step in all[..^1])
            (await Step(order, step)).Status.ShouldBe(200);

        var answer = await Step(order, all[^1]);

        (answer.Status, answer.Slug).ShouldBe((409, "order-status"));
        (await Events()).ShouldBe(all.Length);
    }

    [Fact]
    public async Task Stale_version_is_refused_before_the_status()
    {
        var order = await Placed();
        await Step(order, "cancel");

        foreach (var (step, body) in new[] { ("pay", Pay), ("ship", Ship), ("cancel", Cancel) })
        {
            (await Http.PostJson($"{order}/{step}", body, "If-Match", "\"1\"")).Status.ShouldBe(412);
            (await Http.PostJson($"{order}/{step}", body, "If-Match", "\"2\"")).Status.ShouldBe(409);
            (await Http.PostJson($"{Path}/{Guid.CreateVersion7()}/{step}", body)).Slug.ShouldBe("order-not-found");
            (await Http.PostJson($"{Path}/x/{step}", body)).Slug.ShouldBe("invalid-id");
        }

        (await Events()).ShouldBe(2);
    }

    [Fact]
    public async Task Steps_name_the_fields_they_miss()
    {
        var order = await Placed();

        foreach (
            var (step, fields) in new[] { ("pay", new[] { "reference" }), ("ship", ["carrier", "trackingNumber"]), ("cancel", ["reason"]) })
        {
            var answer = await Http.PostJson($"{order}/{step}", "{}");
            answer.Status.ShouldBe(400);
            answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(fields);
        }

        (await Events()).ShouldBe(1);
    }

    [Fact]
    public async Task Order_of_an_unknown_customer_is_shown()
    {
        var order = await Placed();
        await Postgres.ExecuteAsync("delete from orders_read.customers");

        (await Http.GetJson(order)).Json["customer"]!.ToJsonString()
            .ShouldBe($$"""{"id":"{{Ada}}","username":null,"name":null,"status":null}""");
        (await Step(order, "pay")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Commit_is_one_batch_with_the_event_last()
    {
        var order = await Placed();
        Host.Log.Clear();

        await Step(order, "pay");

        var commands = Host.Log.Entries.Where(entry => entry.Event == RelationalEventId.CommandExecuted).Select(entry => entry.Message)
            .ToArray();
        commands.Length.ShouldBe(2, "one to load, one to save");
        var save = commands[1];
        save.IndexOf("UPDATE orders.orders SET changed_at = @p0, status = @p1, version = @p2", StringComparison.Ordinal)
            .ShouldBeInRange(0, save.IndexOf("INSERT INTO orders.events", StringComparison.Ordinal));
        Host.Log.Entries.ShouldNotContain(entry => entry.Category == DbLoggerCategory.Database.Transaction.Name);
    }

    [Fact]
    public async Task Concurrent_payments_have_one_winner()
    {
        var order = await Placed();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Step(order, "pay")));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Count(answer => answer.Status == 409 && answer.Slug is "order-status" or "concurrent-change").ShouldBe(15);
        (await Events()).ShouldBe(2);
        (await Postgres.ScalarAsync<long>("select sum(next_offset)::bigint from orders.partitions")).ShouldBe(2);
    }

    private Task<JsonAnswer> Step(string order, string step) =>
        Http.PostJson($"{order}/{step}", step switch { "pay" => Pay, "ship" => Ship, _ => Cancel });
}
