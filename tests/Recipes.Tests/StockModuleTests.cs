using Monolith.Modules.Stock;
using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>The module of docs/how-to/module.md and the use case of docs/how-to/use-case.md, over PostgreSQL and HTTP.</summary>
[Trait("Category", "Module")]
public sealed class StockModuleTests : IAsyncLifetime
{
    private PostgresFixture? postgres;
    private ModuleHost? host;

    private PostgresFixture Postgres => postgres!;

    private ModuleHost Host => host!;

    public async ValueTask InitializeAsync()
    {
        postgres = await PostgresFixture.StartAsync();
        host = await ModuleHost.StartAsync(postgres.ConnectionString, [new StockModule()]);
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
            await host.DisposeAsync();
        if (postgres is not null)
            await postgres.DisposeAsync();
    }

    [Fact]
    public async Task Recipe_stores_state_and_events_of_a_command()
    {
        var added = await Host.Client.PostJson("/api/v1/items", """{"name": " Tea "}""", "Idempotency-Key", "item-1");
        added.Status.ShouldBe(201, added.Text);
        var replayed = await Host.Client.PostJson("/api/v1/items", """{"name": " Tea "}""", "Idempotency-Key", "item-1");
        replayed.Text.ShouldBe(added.Text);

        var received = await Host.Client.PostJson($"{added.Location}/receive", """{"quantity": 20}""", "If-Match", "\"1\"");
        received.Status.ShouldBe(200, received.Text);

        var item = (await Host.Client.GetJson(added.Location!)).Json;
        ((string)item["name"]!, (int)item["inStock"]!, (long)item["version"]!).ShouldBe(("Tea", 20, 2));
        (await Postgres.QueryAsync<string>("select type || ' ' || stream_version from stock.events order by stream_version"))
            .ShouldBe(["item.added.v1 1", "item.received.v1 2"]);
    }

    [Fact]
    public async Task Recipe_refuses_what_its_rules_forbid()
    {
        (await Host.Client.PostJson("/api/v1/items", """{"name": ""}""")).Json["errors"]!["name"].ShouldNotBeNull();
        var item = (await Host.Client.PostJson("/api/v1/items", """{"name": "Tea"}""")).Location!;

        (await Host.Client.PostJson($"{item}/receive", """{"quantity": 0}""")).Json["errors"]!["quantity"].ShouldNotBeNull();
        (await Host.Client.PostJson($"{item}/receive", """{"quantity": 1}""", "If-Match", "\"7\"")).Status.ShouldBe(412);
        (await Host.Client.PostJson($"/api/v1/items/{Guid.NewGuid()}/receive", """{"quantity": 1}""")).Slug.ShouldBe("item-not-found");
        for (var i = 0; i < 100; i++)
            (await Host.Client.PostJson($"{item}/receive", """{"quantity": 10000}""")).Status.ShouldBe(200);
        (await Host.Client.PostJson($"{item}/receive", """{"quantity": 1}""")).Slug.ShouldBe("stock-full");
    }
}
