using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Testing;
using Npgsql;

namespace Monolith.Customers.Tests.Module;

/// <summary>Reading the logs by offset: every event that commits after the start is read exactly once, regardless of its time.</summary>
[Trait("Category", "Module")]
public sealed class EventTailTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const string Tail = "/admin/api/events/tail";
    private const int Writers = 8;
    private const int EachWrites = 25;

    [Fact]
    public async Task Tail_begins_at_the_heads_and_continues()
    {
        await Registered("ada");

        var start = await Http.GetJson($"{Tail}?limit=5");
        await Registered("bob");
        var next = await Http.GetJson(Next(start));
        var end = await Http.GetJson(Next(next));

        (Items(start).Count, (bool)start.Json["more"]!).ShouldBe((0, false));
        var shown = Items(next).ShouldHaveSingleItem();
        ((string)shown["type"]!, (string)shown["data"]!["username"]!).ShouldBe(("customer.registered.v1", "bob"));
        shown.ToJsonString().ShouldBe((await Http.GetJson($"/admin/api/events/{(string)shown["id"]!}")).Json["event"]!.ToJsonString());
        Items(end).ShouldBeEmpty();
        Next(end).ShouldBe(Next(next));
    }

    [Fact]
    public async Task Event_that_commits_late_is_read_once()
    {
        var start = await Http.GetJson(Tail);
        await using var writer = await Database.OpenConnectionAsync();
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(Insert(partition: 0, "now() - interval '3 seconds'"), writer, transaction))
            await insert.ExecuteNonQueryAsync();
        await Append(Insert(partition: 1, "now()"));

        var before = await Http.GetJson(Next(start));
        await transaction.CommitAsync();
        var after = await Http.GetJson(Next(before));

        Places(before).ShouldBe(["1/0"]);
        Places(after).ShouldBe(["0/0"]);
    }

    [Fact]
    public async Task Event_with_a_future_time_hides_no_other_event()
    {
        var start = await Http.GetJson(Tail);
        await Append(Insert(partition: 0, "now() + interval '1 day'"));

        var ahead = await Http.GetJson(Next(start));
        await Append(Insert(partition: 0, "now()"));
        await Append(Insert(partition: 1, "now()"));
        var later = await Http.GetJson(Next(ahead));

        Places(ahead).ShouldBe(["0/0"]);
        Places(later).ShouldBe(["0/1", "1/0"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task Pages_show_every_event_once_in_offset_order(int limit)
    {
        var url = Next(await Http.GetJson($"{Tail}?limit={limit}"));
        for (var i = 0; i < 6; i++)
            await Append(Insert(partition: i % 2, $"now() - {i} * interval '1 second'"));

        var read = new List<string>();
        for (var more = true; more;)
        {
            var page = await Http.GetJson(url);
            Items(page).Count.ShouldBeLessThanOrEqualTo(limit);
            read.AddRange(Places(page));
            (url, more) = (Next(page), (bool)page.Json["more"]!);
        }

        read.Count.ShouldBe(6);
        read.Where(place => place.StartsWith("0/", StringComparison.Ordinal)).ShouldBe(["0/0", "0/1", "0/2"]);
        read.Where(place => place.StartsWith("1/", StringComparison.Ordinal)).ShouldBe(["1/0", "1/1", "1/2"]);
    }

    [Fact]
    public async Task Events_of_concurrent_writers_are_read_once()
    {
        var url = Next(await Http.GetJson($"{Tail}?limit=7"));
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            for (var i = 0; i < EachWrites; i++)
                await Registered($"user-{writer}-{i}");
        }));

        var read = new List<string>();
        for (bool done, more = true; more;)
        {
            done = writing.IsCompleted;
            var page = await Http.GetJson(url);
            read.AddRange(Items(page).Select(item => (string)item["data"]!["username"]!));
            (url, more) = (Next(page), (bool)page.Json["more"]! || !done);
        }

        await writing;
        var written = from writer in Enumerable.Range(0, Writers) from i in Enumerable.Range(0, EachWrites) select $"user-{writer}-{i}";
        read.ShouldBe(written, ignoreOrder: true);
    }

    [Fact]
    public async Task Filters_choose_events_and_the_cursor_passes_the_others()
    {
        var ada = await Registered("ada");
        var id = ada[(ada.LastIndexOf('/') + 1)..];
        const string ByType = "type=customer.deactivated.v1";
        const string ByModuleAndType = "module=customers&type=customer.registered.v1";
        var urls = new List<string>();
        foreach (var filter in new[] { $"stream={id}", ByType, ByModuleAndType, $"correlation={Guid.NewGuid()}" })
            urls.Add(Next(await Http.GetJson($"{Tail}?{filter}")));
        await Http.PostJson($"{ada}/deactivate", """{"reason":"asked"}""");
        await Registered("bob");

        var pages = await Task.WhenAll(urls.Select(url => Http.GetJson(url)));

        pages.Select(page => string.Join(' ', Items(page).Select(item => (string)item["type"]!)))
            .ShouldBe(["customer.deactivated.v1", "customer.deactivated.v1", "customer.registered.v1", ""]);
        foreach (var page in pages)
            Items(await Http.GetJson(Next(page))).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("after=")]
    [InlineData("after=x")]
    [InlineData("after=AAAAAAAA")]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("module=nothing")]
    [InlineData("stream=x")]
    [InlineData("correlation=x")]
    [InlineData("type=a%00b")]
    public async Task Invalid_parameter_is_named(string query)
    {
        var answer = await Http.GetJson($"{Tail}?{query}");

        (answer.Status, answer.Slug).ShouldBe((400, "invalid-request"));
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe([query[..query.IndexOf('=', StringComparison.Ordinal)]]);
    }

    [Fact]
    public async Task Cursor_beyond_the_head_is_refused()
    {
        await Registered("ada");
        var start = await Http.GetJson(Tail);
        await Postgres.ResetAsync("customers");

        var answer = await Http.GetJson(Next(start));

        (answer.Status, answer.Slug).ShouldBe((409, "log-shorter"));
    }

    // As the module itself does: the triggers of the log do not fire for the superuser of the tests.
    private NpgsqlDataSource Database => Host.Services.GetRequiredKeyedService<ModuleDatabase>("Customers").App;

    private async Task Append(string insert)
    {
        await using var command = Database.CreateCommand(insert);
        await command.ExecuteNonQueryAsync();
    }

    private static string Insert(int partition, string time) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        insert into customers.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
        values ({{partition}}, gen_random_uuid(), gen_random_uuid(), 1, 'customer.registered.v1', '{}', {{time}}, gen_random_uuid())
        """);

    private static string Next(JsonAnswer page) => (string)page.Json["next"]!;

    private static IReadOnlyList<JsonNode> Items(JsonAnswer page) => [.. page.Json["items"]!.AsArray().Select(item => item!)];

    private static IReadOnlyList<string> Places(JsonAnswer page) =>
        [.. Items(page).Select(item => $"{item["partition"]}/{item["offset"]}")];
}
