using System.Text.Json.Nodes;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Rebuilds;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests;

/// <summary>Operator requests over HTTP: answers, refusals, and the record of both.</summary>
[Trait("Category", "System")]
public sealed class AdminOperationTests(Servers servers)
{
    private const string Customers = "projections/orders.customers";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly string[] Verbs = ["pause", "resume", "pause", "resume"];
    private static readonly int[] ThreeAtATime = [3, 3, 2];
    private static readonly int[] FourAtATime = [4, 4, 4, 2];

    [Fact]
    public async Task Long_operations_are_accepted_and_refusals_state_the_reason()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var admin = await AdminAsync(site);

        var accepted = await admin.PostJson($"{Customers}/rebuild", """{"promote":"manual"}""", "X-Actor", "ada");
        accepted.Status.ShouldBe(202, accepted.Text);
        accepted.Location.ShouldBe($"/admin/api/operations/{(string)accepted.Json["id"]!}");
        (
            (string)accepted.Json["kind"]!,
            (string)accepted.Json["state"]!,
            (string)accepted.Json["actor"]!,
            (int)accepted.Json["generation"]!)
            .ShouldBe(("rebuild", "running", "ada", 2));
        await StateAsync(admin, 2, "ready");
        await ShouldRefuse(
            admin.SendJson(HttpMethod.Delete, $"{Customers}/generations/2"),
            409,
            "generation-state",
            "projections cancel orders.customers 2");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/rebuild", "{}", "X-Actor", "bob"),
            409,
            "generation-under-way",
            "projections cancel orders.customers 2");
        await ShouldRefuse(admin.PostJson($"{Customers}/verify", ""), 409, "generation-under-way", "projections cancel orders.customers 2");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/rollback", ""), 409, "nothing-to-roll-back", "projections rebuild orders.customers");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/generations/77/promote", ""), 404, "generation-unknown", "projections show orders.customers");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/generations/1/promote", ""), 409, "generation-state", "projections rebuild orders.customers");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/generations/1/cancel", ""), 409, "generation-state", "projections rebuild orders.customers");
        await ShouldRefuse(
            admin.SendJson(HttpMethod.Delete, $"{Customers}/generations/1"),
            409,
            "generation-state",
            "projections rebuild orders.customers");
        await ShouldRefuse(admin.PostJson($"{Customers}/resume", ""), 409, "projection-not-paused", "projections pause orders.customers");
        await ShouldRefuse(
            admin.PostJson("dead-letters/requeue", """{"projection":"orders.customers"}"""),
            404,
            "nothing-parked",
            "dead-letters list --projection orders.customers");
        await ShouldRefuse(
            admin.PostJson("dead-letters/discard", """{"projection":"orders.customers","key":"x","reason":"y"}"""),
            404,
            "nothing-parked",
            "dead-letters list");
        await ShouldRefuse(
            admin.PostJson("projections/nothing/rebuild", "{}"), 404, "projection-unknown", "orders.customers, orders.summaries");
        await ShouldRefuse(admin.GetJson($"operations/{Guid.NewGuid()}"), 404, "operation-unknown", "/admin/api/actions");
        await ShouldRefuse(admin.GetJson($"events/{Guid.NewGuid()}"), 404, "event-not-found", "events list");
        await ShouldRefuse(admin.GetJson($"streams/{Guid.NewGuid()}"), 404, "stream-not-found", "events list");
        await ShouldRefuse(admin.PostJson($"{Customers}/rebuild", """{"promoted":"auto"}"""), 400, "invalid-request", "promoted");

        (await admin.PostJson($"{Customers}/generations/2/promote", "")).Status.ShouldBe(202);
        await StateAsync(admin, 2, "live");
        await StateAsync(admin, 1, "retired");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/generations/1/cancel", ""), 409, "generation-state", "projections drop orders.customers 1");

        (await admin.PostJson($"{Customers}/pause", "")).Status.ShouldBe(200);
        foreach (var verb in new[] { "rebuild", "verify", "rollback", "pause", "generations/1/promote" })
            await ShouldRefuse(
                admin.PostJson($"{Customers}/{verb}", verb == "rebuild" ? "{}" : ""),
                409,
                "projection-paused",
                "projections resume orders.customers");
        (await admin.PostJson($"{Customers}/resume", "")).Status.ShouldBe(200);

        var snapshot = $$"""{"until":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}","snapshot":"january"}""";
        (await admin.PostJson($"{Customers}/rebuild", snapshot)).Status.ShouldBe(202);
        await StateAsync(admin, 3, "snapshot");
        await ShouldRefuse(admin.PostJson($"{Customers}/rebuild", snapshot), 409, "snapshot-taken", "projections drop orders.customers 3");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/rebuild", """{"until":"2999-01-01T00:00:00Z","snapshot":"later"}"""),
            400,
            "invalid-request",
            "Must not be in the future.");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/rebuild", """{"until":"2026-01-01T00:00:00Z","snapshot":"later","promote":"manual"}"""),
            400,
            "invalid-request",
            "leave promote out");
        (await admin.SendJson(HttpMethod.Delete, $"{Customers}/generations/3")).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Action_record_contains_actor_time_action_and_outcome()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var admin = await AdminAsync(site);
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);

        var rebuild = (string)(await admin.PostJson($"{Customers}/rebuild", "{}", "X-Actor", "ada")).Json["id"]!;
        await StateAsync(admin, 2, "live");
        await ShouldRefuse(
            admin.PostJson($"{Customers}/generations/2/cancel", "", "X-Actor", "bob"),
            409,
            "generation-state",
            "projections rebuild orders.customers");
        await admin.PostJson($"{Customers}/pause", "", "X-Actor", "cid");

        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await ActionsAsync(admin)).Any(action => (string)action["operation"]! == rebuild && (string)action["outcome"]! == "done")
                    ? null
                    : "the rebuild is recorded as done");
        var actions = await ActionsAsync(admin);
        actions.Select(action => ((string?)action["actor"], (string)action["action"]!, (string)action["outcome"]!)).ShouldBe(
            [
                ("cid", "pause", "done"),
                ("bob", "cancel generation 2", "refused"),
                ("ada", "rebuild, promote auto", "done"),
                ("ada", "rebuild, promote auto", "running")
            ]);
        actions.ShouldAllBe(action => (string)action["projection"]! == "orders.customers" && (DateTimeOffset)action["at"]! > before);
        ((string)actions[1]["detail"]!).ShouldContain("only one that is building or ready can be cancelled");
    }

    [Fact]
    public async Task Actions_and_dead_letters_are_paged_over_all_projections()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        // Renamed before their registration: both folds store dead letters.
        var log = new SeededLog(site.Sql);
        var bad = Enumerable.Range(0, 7).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var customer in bad)
            log.AddRename(customer, "Nobody");
        await log.WriteAsync();
        using var admin = await AdminAsync(site);
        foreach (var verb in Verbs)
        {
            foreach (var projection in Projections.All)
                (await admin.PostJson($"projections/{projection}/{verb}", "")).Status.ShouldBe(200);
        }

        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await admin.GetJson("dead-letters")).Json["items"]!.AsArray().Count is var count && count == 14
                    ? null
                    : $"there are {count} dead letters");

        var (actions, pages) = await PagesAsync(admin, "actions?limit=3");
        pages.ShouldBe(ThreeAtATime);
        actions.Select(action => ((string)action["projection"]!, (string)action["action"]!)).ShouldBe(
            Verbs.Reverse().SelectMany(verb => Projections.All.Reverse().Select(projection => (projection, verb))));
        actions.Select(action => action.ToJsonString()).ShouldBe((await ActionsAsync(admin)).Select(action => action.ToJsonString()));

        var (deadLetters, deadLetterPages) = await PagesAsync(admin, "dead-letters?limit=4");
        deadLetterPages.ShouldBe(FourAtATime);
        deadLetters.Select(entry => ((string)entry["projection"]!, Guid.Parse((string)entry["key"]!)))
            .ShouldBe(Projections.All.SelectMany(projection => bad.Select(key => (projection, key))), ignoreOrder: true);
        deadLetters.Select(entry => (string)entry["projection"]!)
            .ShouldBe(Projections.All.SelectMany(projection => Enumerable.Repeat(projection, 7)));
        (await PagesAsync(admin, "dead-letters?projection=orders.summaries&limit=6")).Items.Select(entry => entry.ToJsonString())
            .ShouldBe(deadLetters[7..].Select(entry => entry.ToJsonString()));

        foreach (var list in new[] { "actions", "dead-letters" })
            await ShouldRefuse(admin.GetJson($"{list}?after=bm8gY3Vyc29y"), 400, "invalid-request", "take it from the property next");
    }

    [Theory]
    [InlineData("Host", "example.org")]
    [InlineData("Origin", "https://example.org")]
    public async Task Request_with_foreign_host_or_origin_is_refused(string header, string value)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var admin = await AdminAsync(site);

        await ShouldRefuse(admin.PostJson($"{Customers}/pause", "", header, value), 403, "not-local", "call it");
        await ShouldRefuse(admin.PostJson($"{Customers}/rebuild", "{}", header, value), 403, "not-local", "call it");
        await ShouldRefuse(admin.GetJson("projections", header, value), 403, "not-local", "call it");
        (await ActionsAsync(admin)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshot_answers_with_data_of_its_time()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        using var admin = await AdminAsync(site);
        var shop = new Shop(new Uri(admin.BaseAddress!, "/"));
        using var api = new HttpClient { BaseAddress = new Uri(admin.BaseAddress!, "/api/v1/") };
        var ada = await shop.RegisterAsync();
        var order = await shop.PlaceAsync(ada);
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        var then = $$"""{"until":"{{DateTime.UtcNow:yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}","snapshot":"before-it"}""";

        await shop.PostAsync($"orders/{order}/pay", """{"reference":"r"}""");
        await shop.PlaceAsync(ada);
        await shop.PostAsync($"customers/{ada}/deactivate", """{"reason":"gone"}""");
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        foreach (var projection in new[] { "orders.customers", "orders.summaries" })
            (await admin.PostJson($"projections/{projection}/rebuild", then)).Status.ShouldBe(202);
        await StateAsync(admin, 2, "snapshot");
        await StateAsync(admin, 2, "snapshot", "projections/orders.summaries");

        var (live, past) =
            ((await api.GetJson($"order-summaries/{ada}")).Json, (await api.GetJson($"order-summaries/{ada}?snapshot=before-it")).Json);
        ((string)live["status"]!, (int)live["orders"]!).ShouldBe(("inactive", 3));
        ((string)past["status"]!, (int)past["orders"]!, (int)past["open"]!).ShouldBe(("active", 2, 1));
        ((string)(await api.GetJson($"orders/{order}")).Json["customer"]!["status"]!).ShouldBe("inactive");
        ((string)(await api.GetJson($"orders/{order}?snapshot=before-it")).Json["customer"]!["status"]!).ShouldBe("active");
        (await api.GetJson($"orders?customerId={ada}")).Json["items"]!.AsArray()
            .ShouldAllBe(item => (string)item!["customer"]!["status"]! == "inactive");
        var page = (await api.GetJson($"orders?customerId={ada}&limit=1&snapshot=before-it")).Json;
        ((string)page["items"]![0]!["customer"]!["status"]!).ShouldBe("active");
        ((string)page["next"]!).ShouldContain("snapshot=before-it");

        foreach (var path in new[] { $"order-summaries/{ada}", $"orders/{order}", "orders" })
        {
            foreach (var name in new[] { "never-made", "before-it%22%20x", "", "Before-it" })
                await ShouldRefuse(api.GetJson($"{path}?snapshot={name}"), 404, "snapshot-unknown", "projections show orders.");
        }

        (await admin.SendJson(HttpMethod.Delete, $"{Customers}/generations/2")).Status.ShouldBe(202);
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await api.GetJson($"orders/{order}?snapshot=before-it")).Slug == "snapshot-unknown" ? null : "the snapshot is gone");
    }

    private static async Task<HttpClient> AdminAsync(Site site)
    {
        var host = await site.StartHostAsync();
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        var admin = new HttpClient { BaseAddress = new Uri(host.Url, "/admin/api/"), Timeout = Timeout };
        await StateAsync(admin, 1, "live");
        await StateAsync(admin, 1, "live", "projections/orders.summaries");
        return admin;
    }

    private static Task StateAsync(HttpClient admin, int number, string state, string projection = Customers) =>
        Eventually.HoldsAsync(Timeout, async () =>
    {
        var generations = (await admin.GetJson(projection)).Json["generations"]!.AsArray();
        var now = (string?)generations.FirstOrDefault(generation => (int)generation!["number"]! == number)?["state"];
        return now == state ? null : $"generation {number} is {now ?? "not there"}, not {state}";
    });

    private static async Task<JsonNode[]> ActionsAsync(HttpClient admin) =>
        [.. (await admin.GetJson("actions")).Json["items"]!.AsArray().Select(action => action!)];

    /// <summary>All items of a list, and the number of items on each page.</summary>
    private static async Task<(JsonNode[] Items, int[] Pages)> PagesAsync(HttpClient admin, string first)
    {
        var (items, pages) = (new List<JsonNode>(), new List<int>());
        for (var next = first; next is not null;)
        {
            var page = await admin.GetJson(next);
            page.Status.ShouldBe(200, page.Text);
            items.AddRange(page.Json["items"]!.AsArray().Select(item => item!));
            pages.Add(page.Json["items"]!.AsArray().Count);
            next = (string?)page.Json["next"];
        }

        return ([.. items], [.. pages]);
    }

    /// <param name="request">The request.</param>
    /// <param name="status">The expected status.</param>
    /// <param name="slug">The expected problem slug.</param>
    /// <param name="advice">Text of the advice or of the fault in the request.</param>
    private static async Task ShouldRefuse(Task<JsonAnswer> request, int status, string slug, string advice)
    {
        var answer = await request;
        answer.Status.ShouldBe(status, answer.Text);
        answer.Slug.ShouldBe(slug);
        $"{answer.Json["detail"]} {answer.Json["errors"]?.ToJsonString()}".ShouldContain(advice);
    }
}
