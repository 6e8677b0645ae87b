using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.Modules.Stock;
using Monolith.Modules.Stock.Contracts;
using Monolith.Modules.Stock.Domain;
using Monolith.Modules.Stock.Infrastructure;
using Monolith.Testing;

namespace Monolith.Recipes.Tests;

/// <summary>The module of docs/how-to, over PostgreSQL and HTTP.</summary>
[Trait("Category", "Module")]
public sealed class StockModuleTests : IAsyncLifetime
{
    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(60);

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
    public async Task Recipe_serves_a_query_store()
    {
        await using var reading = await ModuleHost.StartAsync(
            Postgres.ConnectionString, [new StockModule()], builder => builder.Services.AddInProcessTransport(), readSide: true);
        var item = (await reading.Client.PostJson("/api/v1/items", """{"name": "Tea"}""")).Location!;
        await reading.Client.PostJson($"{item}/receive", """{"quantity": 3}""");

        await Eventually.HoldsAsync(ServedWithin, async () =>
            (await reading.Client.GetJson("/api/v1/stock-levels?below=5")).Text is var text
                && text.Contains("\"inStock\":3", StringComparison.Ordinal)
                ? null
                : text);
        (await reading.Client.GetJson("/api/v1/stock-levels?below=2")).Text.ShouldNotContain("Tea");
    }

    [Fact]
    public void Recipe_adds_an_event_that_the_query_store_reads()
    {
        var item = Item.Add("Tea", DateTimeOffset.UnixEpoch).Value;
        item.Rename(" Green tea ", DateTimeOffset.UnixEpoch).ShouldBeNull();
        item.Rename("", DateTimeOffset.UnixEpoch)!.Fields!.Keys.ShouldBe(["name"]);
        var catalogue = new EventCatalogue(StockTopic.Name, StockJson.Contracts);

        var renamed = item.RaisedEvents[^1].Data.ShouldBeOfType<ItemRenamed>();
        catalogue.NameOf(typeof(ItemRenamed)).ShouldBe("item.renamed.v1");
        var happened = new Event(
            new LogRecord
            {
                Log = StockTopic.Name, Partition = 0, Offset = 1, EventId = Guid.CreateVersion7(), StreamId = item.Id, StreamVersion = 2,
                Type = "item.renamed.v1", Data = default, OccurredAt = DateTimeOffset.UnixEpoch,
            },
            renamed);
        new LevelProjection().KeyOf(happened).ShouldBe(item.Id);
        new LevelProjection().Apply(new LevelRow(item.Id, "Tea", 3), happened).ShouldBe(new LevelRow(item.Id, "Green tea", 3));
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
