using Monolith.Testing;

namespace Monolith.Orders.Tests.Module;

[Trait("Category", "Module")]
public sealed class OrderQueriesTests(OrdersFixture fixture) : OrdersTest(fixture)
{
    [Fact]
    public async Task Pages_keep_their_filters()
    {
        await Postgres.ExecuteAsync($"update orders_read.customers set status = 'active' where customer_id = '{Bob}'");
        for (var i = 0; i < 5; i++)
        {
            var order = await Placed();
            if (i % 2 == 0)
                await Http.PostJson($"{order}/pay", """{"reference":"r"}""");
        }

        await Http.PostJson(Path, Body($"\"{Bob}\""));

        var paid = await Http.GetJson($"{Path}?customerId={Ada}&status=paid&limit=2");
        paid.Json["items"]!.AsArray().Count.ShouldBe(2);
        var next = (string)paid.Json["next"]!;
        next.ShouldStartWith($"{Path}?customerId={Ada}&status=paid&limit=2&after=");
        var last = await Http.GetJson(next);
        last.Json["items"]!.AsArray().Count.ShouldBe(1);
        last.Json.AsObject().ContainsKey("next").ShouldBeFalse();

        (await Http.GetJson($"{Path}?status=placed")).Json["items"]!.AsArray().Count.ShouldBe(3);
        (await Http.GetJson($"{Path}?customerId={Bob}")).Json["items"]!.AsArray().Count.ShouldBe(1);
        (await Http.GetJson($"{Path}?customerId={Guid.CreateVersion7()}")).Json["items"]!.AsArray().ShouldBeEmpty();
        var all = (await Http.GetJson(Path)).Json["items"]!.AsArray();
        all.Select(item => (DateTimeOffset)item!["placedAt"]!).ShouldBeInOrder();
        all.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("customerId=01900000-0000-7000-8000-00000000000a")]
    [InlineData("status=placed")]
    [InlineData("customerId=01900000-0000-7000-8000-00000000000a&status=placed")]
    public async Task List_order_follows_placing_regardless_of_ids(string filter)
    {
        for (var i = 0; i < 9; i++)
            await Placed();
        await Postgres.ExecuteAsync(
            """
            update orders.orders set placed_at = '2026-01-31T09:30:00.123456Z'::timestamptz - (place / 2) * interval '1 microsecond'
            from (select id as of, row_number() over (order by id) as place from orders.orders) numbered where id = of
            """);

        var listed = new List<(DateTimeOffset PlacedAt, string Id)>();
        for (var url = $"{Path}?{filter}&limit=2"; url is not null;)
        {
            var page = (await Http.GetJson(url)).Json;
            listed.AddRange(page["items"]!.AsArray().Select(item => ((DateTimeOffset)item!["placedAt"]!, (string)item["id"]!)));
            url = (string?)page["next"];
        }

        listed.Distinct().Count().ShouldBe(9);
        listed.ShouldBeInOrder();
        listed.Select(order => order.Id).Order(StringComparer.Ordinal).ShouldNotBe(listed.Select(order => order.Id));
    }

    [Theory]
    [InlineData("after=AZrA-wAAcACAAAAAAAAAAA", "after")]
    [InlineData("status=unknown", "status")]
    [InlineData("status=", "status")]
    [InlineData("status=PAID", "status")]
    [InlineData("customerId=ada", "customerId")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("after=x", "after")]
    [InlineData("after=x&limit=x&customerId=x", "after", "limit", "customerId")]
    public async Task Invalid_parameter_is_named(string query, params string[] fields)
    {
        var answer = await Http.GetJson($"{Path}?{query}");

        answer.Status.ShouldBe(400, answer.Text);
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(fields, ignoreOrder: true);
    }

    [Fact]
    public async Task Unknown_order_is_not_found()
    {
        (await Http.GetJson($"{Path}/{Guid.CreateVersion7()}")).Slug.ShouldBe("order-not-found");
        (await Http.GetJson($"{Path}/1")).Json["errors"]!["id"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Summary_appears_once_its_customer_is_known()
    {
        await Postgres.ExecuteAsync(
            $$"""
            insert into orders_read.summaries values
                ('{{Ada}}', 'ada', 'Ada Lovelace', 'active', 3, 1, 1, 1, '[{"currency":"EUR","amount":12.50}]', '2026-01-31T09:30:00.123456Z'),
                ('{{Bob}}', null, null, null, 1, 1, 0, 0, '[]', '2026-01-31T09:30:00Z')
            """);

        (await Http.GetJson($"/api/v1/order-summaries/{Ada}")).Text.ShouldBe(
            $$"""{"customerId":"{{Ada}}","username":"ada","name":"Ada Lovelace","status":"active","orders":3,"open":1,"shipped":1,"cancelled":1,"spent":[{"currency":"EUR","amount":12.50}],"lastOrderAt":"2026-01-31T09:30:00.123456Z"}""");
        (await Http.GetJson($"/api/v1/order-summaries/{Bob}")).Status.ShouldBe(404);
        (await Http.GetJson($"/api/v1/order-summaries/{Guid.CreateVersion7()}")).Status.ShouldBe(404);
        (await Http.GetJson("/api/v1/order-summaries/x")).Json["errors"]!["customerId"].ShouldNotBeNull();
    }
}
