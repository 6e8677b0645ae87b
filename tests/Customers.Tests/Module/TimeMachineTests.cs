using System.Text.Json.Nodes;
using CsCheck;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>The past states of a customer and its events.</summary>
[Trait("Category", "Module")]
public sealed class TimeMachineTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const string Streams = "/admin/api/streams";

    [Fact]
    public async Task Latest_state_equals_the_API_response() => await Gen.Int[0, 4].Array[0, 8].SampleAsync(
        async steps =>
        {
            var path = await Registered($"u-{Guid.NewGuid():N}"[..20]);
            foreach (var (step, i) in steps.Select((step, i) => (step, i)))
                await Step(path, step, i);

            var history = await ReadHistory(path);
            var got = (await Http.GetJson(path)).Json;

            JsonNode.DeepEquals(history["state"], got).ShouldBeTrue($"{history["state"]!.ToJsonString()} is not {got.ToJsonString()}");
            history["version"]!.GetValue<long>().ShouldBe(got["version"]!.GetValue<long>());
            history["events"]!.AsArray().Count.ShouldBe(got["version"]!.GetValue<int>());
        },
        iter: TestScale.Of(100),
        threads: 1);

    [Fact]
    public async Task Every_version_equals_the_API_response_of_its_time()
    {
        var path = await Registered();
        var seen = new List<JsonNode> { (await Http.GetJson(path)).Json };
        for (var step = 0; step < 4; step++)
        {
            await Step(path, step, step);
            seen.Add((await Http.GetJson(path)).Json);
        }

        for (var version = 1; version <= seen.Count; version++)
        {
            var then = await ReadHistory(path, $"?version={version}");
            JsonNode.DeepEquals(then["state"], seen[version - 1]).ShouldBeTrue($"version {version}");
            then["latest"]!.GetValue<int>().ShouldBe(seen.Count);

            var at = await ReadHistory(path, $"?at={Uri.EscapeDataString((string)seen[version - 1]["changedAt"]!)}");
            JsonNode.DeepEquals(at["state"], seen[version - 1]).ShouldBeTrue($"at the time of version {version}");
        }
    }

    [Fact]
    public async Task Each_event_shows_actor_time_cause_and_changes()
    {
        var path = await Registered();
        (await Http.PatchJson(path, """{"lastName":"King","email":"king@example.org"}""", "X-Actor", "clerk 7")).Status.ShouldBe(200);

        var history = await ReadHistory(path);

        history["module"]!.GetValue<string>().ShouldBe("customers");
        history["entity"]!.GetValue<string>().ShouldBe("customer");
        var events = history["events"]!.AsArray();
        events.Select(e => (string)e!["type"]!).ShouldBe(["customer.registered.v1", "customer.renamed.v1", "customer.email-changed.v1"]);
        events.Select(e => (long)e!["version"]!).ShouldBe([1, 2, 3]);
        Fields(events[0]!).ShouldBe(["id", "username", "firstName", "lastName", "email", "status", "registeredAt"]);
        events[0]!["changes"]![1]!.ToJsonString().ShouldBe("""{"field":"username","before":null,"after":"ada"}""");
        events[1]!["changes"]!.ToJsonString().ShouldBe("""[{"field":"lastName","before":"Lovelace","after":"King"}]""");
        events[2]!["changes"]!.ToJsonString().ShouldBe("""[{"field":"email","before":"ada@example.org","after":"king@example.org"}]""");
        events[1]!["actor"]!.GetValue<string>().ShouldBe("clerk 7");
        events[1]!["correlationId"]!.GetValue<string>().ShouldBe((string)events[2]!["correlationId"]!);
        events[1]!["correlationId"]!.GetValue<string>().ShouldNotBe((string)events[0]!["correlationId"]!);
        events[2]!["data"]!["email"]!.GetValue<string>().ShouldBe("king@example.org");
    }

    [Fact]
    public async Task Two_versions_are_compared()
    {
        var path = await Registered();
        foreach (var email in new[] { "b@example.org", "c@example.org" })
            await Http.PatchJson(path, $$"""{"email":"{{email}}"}""");
        await Http.PostJson($"{path}/deactivate", """{"reason":"left"}""");

        var diff = await Compared(path, "?from=1&to=4");
        diff["changes"]!.ToJsonString()
            .ShouldBe(
                """[{"field":"email","before":"ada@example.org","after":"c@example.org"},{"field":"status","before":"active","after":"inactive"}]""");
        diff["events"]!.AsArray().Select(e => (long)e!["version"]!).ShouldBe([2, 3, 4]);
        diff["from"]!["version"]!.GetValue<long>().ShouldBe(1);

        (await Compared(path, "?from=2&to=2"))["changes"]!.AsArray().ShouldBeEmpty();
        (await Compared(path, "?from=0"))["changes"]!.AsArray().Count.ShouldBe(7, "from before it was there until now");
        var from = Uri.EscapeDataString((string)diff["from"]!["occurredAt"]!);
        var to = Uri.EscapeDataString((string)diff["to"]!["occurredAt"]!);
        JsonNode.DeepEquals(await Compared(path, $"?from={from}&to={to}"), diff).ShouldBeTrue("times of the same points");
        JsonNode.DeepEquals(await Compared(path, $"?from=2020-01-01T00:00:00%2B02:00&to=4"), await Compared(path, "?from=0&to=4"))
            .ShouldBeTrue("a time before the first event");
    }

    [Theory]
    [InlineData("?version=0", 400, "version")]
    [InlineData("?version=-1", 400, "version")]
    [InlineData("?version=x", 400, "version")]
    [InlineData("?at=yesterday", 400, "at")]
    [InlineData("?at=2026-01-31T09:30:00", 400, "at")]
    [InlineData("?at=2026-01-31T09:30:00Z&version=1", 400, "version")]
    [InlineData("/diff", 400, "from")]
    [InlineData("/diff?from=1&to=soon", 400, "to")]
    [InlineData("/diff?from=1&to=0", 400, "from")]
    public async Task Invalid_version_or_time_is_named(string rest, int status, string field)
    {
        var path = await Registered();

        var answer = await Http.GetJson(Streams + path[Path.Length..] + rest);

        answer.Status.ShouldBe(status, answer.Text);
        answer.Slug.ShouldBe("invalid-request");
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe([field]);
    }

    [Theory]
    [InlineData("?version=2", "state-not-found")]
    [InlineData("?at=2020-01-01T00:00:00Z", "state-not-found")]
    [InlineData("/diff?from=1&to=2", "state-not-found")]
    public async Task Point_before_the_first_event_is_not_found(string rest, string slug)
    {
        var path = await Registered();

        var answer = await Http.GetJson(Streams + path[Path.Length..] + rest);

        answer.Status.ShouldBe(404, answer.Text);
        answer.Slug.ShouldBe(slug);
    }

    [Fact]
    public async Task Unknown_stream_is_not_found()
    {
        (await Http.GetJson($"{Streams}/{Guid.NewGuid()}")).Slug.ShouldBe("stream-not-found");
        (await Http.GetJson($"{Streams}/{Guid.NewGuid()}/diff?from=1")).Slug.ShouldBe("stream-not-found");
        (await Http.GetJson($"{Streams}/ada")).Slug.ShouldBe("invalid-id");
    }

    [Fact]
    public async Task Unreadable_event_is_named_and_earlier_states_are_shown()
    {
        var path = await Registered();
        var id = path[(Path.Length + 1)..];
        await Postgres.ExecuteAsync(
            $$"""
            insert into customers.events (partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, 1000, gen_random_uuid(), stream_id, 2, 'customer.cloned.v9', '{"secret":1}', occurred_at, correlation_id from customers.events where stream_id = '{{id}}'
            """);

        var answer = await Http.GetJson($"{Streams}/{id}");
        answer.Status.ShouldBe(422);
        answer.Slug.ShouldBe("event-unreadable");
        answer.Text.ShouldContain("customer.cloned.v9");
        answer.Text.ShouldNotContain("secret");
        (await Http.GetJson($"{Streams}/{id}?version=1")).Status.ShouldBe(200);
    }

    private static IEnumerable<string> Fields(JsonNode e) => e["changes"]!.AsArray().Select(change => (string)change!["field"]!);

    private async Task Step(string path, int step, int number)
    {
        var answer = step switch
        {
            0 => await Http.PatchJson(path, $$"""{"firstName":"Name {{number}}"}"""),
            1 => await Http.PatchJson(path, $$"""{"email":"mail{{number}}@example.org"}"""),
            2 => await Http.PostJson($"{path}/deactivate", """{"reason":"why"}"""),
            3 => await Http.PostJson($"{path}/reactivate", """{"reason":"why"}"""),
            _ => await Http.PatchJson(path, $$"""{"lastName":"Last {{number}}","email":"both{{number}}@example.org"}"""),
        };
        answer.Status.ShouldBe(200, answer.Text);
    }

    private async Task<JsonNode> ReadHistory(string path, string query = "")
    {
        var answer = await Http.GetJson($"{Streams}{path[Path.Length..]}{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }

    private async Task<JsonNode> Compared(string path, string query)
    {
        var answer = await Http.GetJson($"{Streams}{path[Path.Length..]}/diff{query}");
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json;
    }
}
