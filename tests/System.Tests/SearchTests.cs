using System.Text.Json.Nodes;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Rebuilds;
using Monolith.Testing;

namespace Monolith.System.Tests;

[Collection(Servers.ElasticsearchTurns)]
[Trait("Category", "System")]
public sealed class SearchTests(Servers servers)
{
    private const string Lucene = "Lucene";
    private const string Elasticsearch = "Elasticsearch";
    private const string Customers = "search.customers";
    private const int PageSize = 3;
    private const int Many = 20;
    private const int Rebuilds = 3;

    // The first build on a newly started server, on a busy machine, takes longest.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    [Theory, InlineData(Transport.Embedded, Lucene), InlineData(Transport.Kafka, Lucene), InlineData(Transport.Embedded, Elasticsearch)]
    public async Task Search_finds_customers_and_orders_and_follows_renames(
        Transport transport, string store)
    {
        await using var site = await OpenAsync(transport, store);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/") };
        var shop = new Shop(host.Url);
        var customer = await RegisterAsync(shop, "jmueller", "Jürgen", "Müller<b>");
        var other = await RegisterAsync(shop, "grace", "Grace", "Hopper");
        var order = await PlaceAsync(client, customer, "Grüner Tee & <i>Kanne</i>", "Köln");
        await PlaceAsync(client, other, "Compass", "New York");

        await FindsAsync(client, "search/customers?q=muller", customer);
        await FindsAsync(client, "search/customers?q=jurgen%20mulelr", customer);
        await FindsAsync(client, "search/customers?q=%22jurgen%20muller%22&status=active", customer);
        await FindsAsync(client, "search/orders?q=gruner%20koln", order);
        await FindsAsync(client, "search/orders?q=muller%20tee", order);

        var hit = (await client.GetJson("search/orders?q=muller%20kanne")).Json["items"]![0]!;
        ((string?)hit["highlights"]!["customer"]![0]).ShouldBe("Jürgen <em>Müller</em>&lt;b&gt;");
        ((string?)hit["highlights"]!["items"]![0]).ShouldBe("Grüner Tee &amp; &lt;i&gt;<em>Kanne</em>&lt;/i&gt;");
        ((string?)hit["customer"]!["username"]).ShouldBe("jmueller");

        (await client.PatchJson($"customers/{customer}", """{"lastName":"Łukasiewicz"}""")).Status.ShouldBe(200);
        await FindsAsync(client, "search/orders?q=lukasiewicz%20tee", order);
        await FindsAsync(client, "search/customers?q=muller");
        await FindsAsync(client, "search/orders?q=muller");

        await shop.PostAsync($"orders/{order}/cancel", """{"reason":"why"}""");
        await FindsAsync(client, "search/orders?q=lukasiewicz&status=cancelled", order);
        await FindsAsync(client, "search/orders?q=lukasiewicz&status=placed");
        await Health.BecomesHealthyAsync(host.Url, Timeout);
    }

    [Theory, InlineData(Lucene), InlineData(Elasticsearch)]
    public async Task Paging_is_stable_across_rebuilds_and_a_restart(string store)
    {
        await using var site = await OpenAsync(Transport.Embedded, store);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var ids = new List<Guid>();
        for (var i = 0; i < Many; i++)
            ids.Add(await RegisterAsync(shop, $"user-{i}", "Same", "Name"));
        using (var client = new HttpClient { BaseAddress = host.Url })
        {
            await PagesAreAsync(client, ids);
            await RebuildWhileServingAsync(host.Url, client, ids);
            await PagesAreAsync(client, ids);
        }

        await host.Process.KillAsync();
        var again = await site.StartHostAsync();
        ids.Add(await RegisterAsync(new Shop(again.Url), "late", "Same", "Name"));
        using (var client = new HttpClient { BaseAddress = again.Url })
            await PagesAreAsync(client, ids);
    }

    [Fact]
    public async Task Module_alone_on_Kafka_needs_no_PostgreSQL()
    {
        await using var site = await Site.OpenWholeAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        using var commands = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/") };
        var customer = await RegisterAsync(new Shop(host.Url), "jmueller", "Jürgen", "Müller");
        var order = await PlaceAsync(commands, customer, "Grüner Tee", "Köln");

        var alone = await site.StartAloneAsync("Search");

        using (var client = new HttpClient { BaseAddress = new Uri(alone.Url, "api/v1/") })
        {
            await FindsAsync(client, "search/customers?q=muller", customer);
            await FindsAsync(client, "search/orders?q=muller%20tee", order);
            (await commands.PatchJson($"customers/{customer}", """{"lastName":"Łukasiewicz"}""")).Status.ShouldBe(200);
            await FindsAsync(client, "search/orders?q=lukasiewicz%20tee", order);
            await FindsAsync(client, "search/customers?q=muller");
        }

        await Health.BecomesHealthyAsync(alone.Url, Timeout);
        var operates = new Operator(alone.Url);
        await operates.DoneAsync(operates.RebuildAsync(Customers));
        (await operates.ReportAsync(Customers)).Live.ShouldBe(2);
        (await new Operator(host.Url).ReportAsync(Customers)).Live.ShouldBe(1);
        await alone.StopAsync();
    }

    [Theory, InlineData(Lucene), InlineData(Elasticsearch)]
    public async Task Hostile_query_is_rejected_or_finds_nothing(string store)
    {
        await using var site = await OpenAsync(Transport.Embedded, store);
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/") };
        await FindsAsync(client, "search/customers?q=unknown");
        await FindsAsync(client, "search/orders?q=unknown");
        foreach (var route in (string[])["search/customers", "search/orders"])
        {
            foreach (
                var text in (string[])
                [
                    "", " ", "***", "?", "\"\"", "\u0000\u0001", "😀", new string('a', 10_000), string.Concat(Enumerable.Repeat("a ", 17)),
                    new string('*', 10_000)
                ])
                (await InvalidInput.Get($"{route}?q={Uri.EscapeDataString(text)}", 400, "invalid-request", "q").SendAsync(client))
                    .ShouldBeNull();
            (await InvalidInput.Get(route, 400, "invalid-request", "q").SendAsync(client)).ShouldBeNull();
            foreach (
                var text in (string[])
                [
                    "a*", "/.*(a+)+$/", "a\u0000b\u0007", "(((((((((", "a OR 1=1; drop table", "ada~2^100 [a TO z]", "\uFFFD",
                    new string('ä', 256), new string('東', 256), "a b c d e f g h i j k l m n o p", "%ED%A0%80a"
                ])
            {
                var answer = await client.GetJson($"{route}?q={Uri.EscapeDataString(text)}");
                answer.Status.ShouldBeOneOf(200, 400);
            }

            // Bytes that are not valid UTF-8, and half a surrogate pair.
            foreach (var raw in (string[])["%FF%FEada", "%ED%A0%80ada", "%"])
                (await client.GetJson($"{route}?q={raw}")).Status.ShouldBeOneOf(200, 400);
            foreach (
                var (parameter, field) in ((string, string)[])
                [
                    ("status=lost", "status"), ("from=yesterday", "from"), ("to=2026", "to"), ("limit=0", "limit"),
                    ("limit=201", "limit"), ("after=x", "after")
                ])
                (await InvalidInput.Get($"{route}?q=a&{parameter}", 400, "invalid-request", field).SendAsync(client)).ShouldBeNull();
            (await InvalidInput.Get($"{route}?q=a&snapshot=none", 404, "snapshot-unknown").SendAsync(client)).ShouldBeNull();
        }
    }

    private async Task<Site> OpenAsync(Transport transport, string store) =>
        store == Lucene ? await Site.OpenWholeAsync(servers, transport) : (await Site.OpenOnElasticsearchAsync(servers, transport)).Site;

    private static async Task RebuildWhileServingAsync(Uri host, HttpClient client, List<Guid> ids)
    {
        var (shop, operates) = (new Shop(host), new Operator(host));
        using var rebuilt = new CancellationTokenSource();
        var (seen, answers) = (ids.Count, 0);
        var serving = Task.Run(async () =>
        {
            while (!rebuilt.IsCancellationRequested)
            {
                var page = await client.GetJson("/api/v1/search/customers?q=same%20nam");
                page.Status.ShouldBe(200, page.Text);
                ((int)page.Json["total"]!).ShouldBeGreaterThanOrEqualTo(seen, "found customers do not disappear");
                seen = (int)page.Json["total"]!;
                answers++;
            }
        });
        for (var i = 0; i < Rebuilds; i++)
        {
            var rebuild = operates.RebuildAsync(Customers);
            ids.Add(await RegisterAsync(shop, $"meanwhile-{i}", "Same", "Name"));
            await operates.DoneAsync(rebuild);
        }

        await rebuilt.CancelAsync();
        await serving;
        answers.ShouldBeGreaterThan(Rebuilds);
        (await operates.ReportAsync(Customers)).Live.ShouldBe(1 + Rebuilds);
        await FindsAsync(client, "/api/v1/search/customers?q=same%20nam&limit=200", [.. ids]);
        (await operates.DoneAsync(operates.VerifyAsync(Customers))).Detail.ShouldBe(
            $"the {ids.Count} rows of {Customers} are those that the log makes, and the log is whole");
    }

    private static async Task PagesAreAsync(HttpClient client, List<Guid> ids)
    {
        await FindsAsync(client, "/api/v1/search/customers?q=same%20nam&limit=200", [.. ids]);
        var paged = new List<Guid>();
        for (var next = (string?)$"/api/v1/search/customers?q=same%20nam&limit={PageSize}"; next is not null;)
        {
            var page = (await client.GetJson(next)).Json;
            ((int)page["total"]!).ShouldBe(ids.Count);
            paged.AddRange(IdsOf(page));
            next = (string?)page["next"];
        }

        paged.ShouldBe(ids.Order());
    }

    private static async Task<Guid> RegisterAsync(Shop shop, string username, string first, string last) =>
        (Guid)(
            await shop.PostAsync(
                "customers",
                $$"""{"username":"{{username}}","firstName":"{{first}}","lastName":"{{last}}","email":"a@example.org"}""")).Json["id"]!;

    private static async Task<Guid> PlaceAsync(HttpClient client, Guid customer, string item, string city)
    {
        Guid? order = null;
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            var answer = await client.PostJson("orders", $$"""
                {"customerId":"{{customer}}","currency":"EUR","deliveryAddress":{"street":"S 1","postalCode":"1","city":"{{city}}","country":"DE"},"items":[{"productId":"p-1","name":"{{item}}","quantity":1,"unitPrice":1}]}
                """);
            order = answer.Status == 201 ? (Guid)answer.Json["id"]! : null;
            return order is null ? answer.Text : null;
        });
        return order!.Value;
    }

    private static Task FindsAsync(HttpClient client, string path, params Guid[] ids) => Eventually.HoldsAsync(Timeout, async () =>
    {
        var answer = await client.GetJson(path);
        return answer.Status == 200 && IdsOf(answer.Json).Order().SequenceEqual(ids.Order()) && (int)answer.Json["total"]! == ids.Length
            ? null
            : $"{path}: {answer.Text}";
    });

    private static IEnumerable<Guid> IdsOf(JsonNode page) => page["items"]!.AsArray().Select(item => (Guid)item!["id"]!);
}
