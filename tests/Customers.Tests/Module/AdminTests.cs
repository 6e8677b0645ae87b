using System.Text.Json.Nodes;
using Monolith.Testing;

namespace Monolith.Customers.Tests.Module;

/// <summary>The admin API over one module: access, the state of the log, and its events.</summary>
[Trait("Category", "Module")]
public sealed class AdminTests(CustomersFixture fixture) : CustomersTest(fixture)
{
    private const string EventList = "/admin/api/events";
    private const string Logs = "/admin/api/logs";

    [Theory]
    [InlineData("Host", "example.org")]
    [InlineData("Host", "10.0.0.1:5080")]
    [InlineData("Host", "localhost.example.org")]
    [InlineData("Origin", "https://example.org")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://localhost.example.org")]
    public async Task Foreign_host_or_origin_is_refused(string header, string value)
    {
        foreach (var path in new[] { Logs, "/ADMIN/api/logs", "/admin/api/nothing", "/admin" })
        {
            var answer = await Http.GetJson(path, header, value);
            answer.Status.ShouldBe(403, $"{path} {answer.Text}");
            answer.Slug.ShouldBe("not-local");
        }
    }

    [Theory]
    [InlineData("Host", "localhost")]
    [InlineData("Host", "127.0.0.2:1")]
    [InlineData("Host", "[::1]:5080")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "http://127.0.0.1:5080")]
    [InlineData("Origin", "http://[::1]")]
    public async Task Loopback_host_or_origin_is_accepted(string header, string value) =>
        (await Http.GetJson(Logs, header, value)).Status.ShouldBe(200);

    [Fact]
    public async Task Unknown_route_is_a_problem() =>
        (await Http.GetJson("/admin/api/nothing")).Slug.ShouldBe("route-not-found");

    [Fact]
    public async Task Log_shows_its_contents()
    {
        var empty = (await Http.GetJson(Logs)).Json["items"]!.AsArray().ShouldHaveSingleItem()!;
        (empty["events"]!.GetValue<long>(), empty["firstAt"], empty["lastAt"]).ShouldBe((0, null, null));

        await Registered("ada");
        await Registered("bob");
        var log = (await Http.GetJson(Logs)).Json["items"]![0]!;

        log["name"]!.GetValue<string>().ShouldBe("customers.events");
        log["module"]!.GetValue<string>().ShouldBe("customers");
        log["events"]!.GetValue<long>().ShouldBe(2);
        log["partitions"]!.AsArray().Count.ShouldBe(32);
        log["partitions"]!.AsArray().Sum(partition => (long)partition!["nextOffset"]!).ShouldBe(2);
        log["partitions"]!.AsArray().ShouldAllBe(partition => partition!["relayedOffset"] == null);
        string.CompareOrdinal((string)log["firstAt"]!, (string)log["lastAt"]!).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Log_is_read_in_pages()
    {
        var first = await Registered("ada");
        foreach (var name in new[] { "bob", "cid", "dan", "eve" })
            await Registered(name);
        for (var i = 0; i < 4; i++)
            await Http.PatchJson(first, $$"""{"firstName":"Name {{i}}","email":"{{i}}@example.org"}""");

        var all = (await Items(EventList)).ToArray();
        all.Length.ShouldBe(13);
        all.Select(e => (string)e["occurredAt"]!).ShouldBeInOrder();
        all.Where(e => (string)e["streamId"]! == first[(Path.Length + 1)..]).Select(e => (long)e["streamVersion"]!)
            .ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9]);

        foreach (var limit in new[] { 1, 2, 5, 13 })
        {
            var paged = new List<string>();
            for (var next = $"{EventList}?limit={limit}"; next is not null;)
            {
                var page = (await Http.GetJson(next)).Json;
                page["items"]!.AsArray().Count.ShouldBeInRange(1, limit);
                paged.AddRange(page["items"]!.AsArray().Select(e => (string)e!["id"]!));
                next = (string?)page["next"];
            }

            paged.ShouldBe(all.Select(e => (string)e["id"]!));
        }
    }

    [Fact]
    public async Task Log_is_filtered()
    {
        var ada = await Registered("ada");
        await Registered("bob");
        await Http.PatchJson(ada, """{"firstName":"A","email":"a@example.org"}""");
        var all = (await Items(EventList)).ToArray();
        var renamed = all.Single(e => (string)e["type"]! == "customer.renamed.v1");

        (await Items($"{EventList}?stream={ada[(Path.Length + 1)..]}")).Count().ShouldBe(3);
        (await Items($"{EventList}?type=customer.registered.v1")).Count().ShouldBe(2);
        (await Items($"{EventList}?type=customer.unheard-of.v1")).ShouldBeEmpty();
        (await Items($"{EventList}?correlation={renamed["correlationId"]}")).Select(e => (string)e["type"]!)
            .ShouldBe(["customer.renamed.v1", "customer.email-changed.v1"]);
        (await Items($"{EventList}?module=customers")).Count().ShouldBe(4);
        (await Items($"{EventList}?module=Customers")).Count().ShouldBe(4);
        (await Items($"{EventList}?from={renamed["occurredAt"]}")).Count().ShouldBe(2, "from is included");
        (await Items($"{EventList}?to={renamed["occurredAt"]}")).Count().ShouldBe(2, "to is not");
        (await Items($"{EventList}?type=customer.registered.v1&stream={ada[(Path.Length + 1)..]}&to=2999-12-31T00:00:00Z")).Count()
            .ShouldBe(1);
    }

    [Theory]
    [InlineData("?module=nowhere", "module")]
    [InlineData("?stream=1", "stream")]
    [InlineData("?correlation=1", "correlation")]
    [InlineData("?type=%00", "type")]
    [InlineData("?from=1", "from")]
    [InlineData("?to=tomorrow", "to")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?limit=many", "limit")]
    [InlineData("?after=x", "after")]
    [InlineData("?after=f_________8AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "after")]
    [InlineData("?after=x&limit=0&from=1", "after,limit,from")]
    public async Task Parameters_that_cannot_be_read_are_named(string query, string fields)
    {
        var answer = await Http.GetJson(EventList + query);

        answer.Status.ShouldBe(400, answer.Text);
        answer.Slug.ShouldBe("invalid-request");
        answer.Json["errors"]!.AsObject().Select(error => error.Key).ShouldBe(fields.Split(','), ignoreOrder: true);
    }

    [Fact]
    public async Task Search_beyond_its_time_limit_is_cancelled()
    {
        await Registered();
        await Postgres.ExecuteAsync(
            "create policy slow on customers.events to customers_reader using (pg_sleep(30) is not null); alter table customers.events "
                + "enable row level security");
        try
        {
            var answer = await Http.GetJson($"{EventList}?type=customer.registered.v1");
            answer.Status.ShouldBe(422, answer.Text);
            answer.Slug.ShouldBe("search-too-long");
        }
        finally
        {
            await Postgres.ExecuteAsync("alter table customers.events disable row level security; drop policy slow on customers.events");
        }
    }

    [Fact]
    public async Task Event_shows_its_envelope_and_its_data_as_stored()
    {
        await Registered();
        var (id, partition, data) = await Stored();

        var e = (await Http.GetJson($"{EventList}/{id}")).Json["event"]!;

        e["module"]!.GetValue<string>().ShouldBe("customers");
        e["type"]!.GetValue<string>().ShouldBe("customer.registered.v1");
        e["partition"]!.GetValue<int>().ShouldBe(partition);
        e["offset"]!.GetValue<long>().ShouldBe(0);
        e["streamVersion"]!.GetValue<long>().ShouldBe(1);
        e["causationId"].ShouldBeNull();
        e["data"]!.ToJsonString().ShouldBe(JsonNode.Parse(data)!.ToJsonString());
    }

    [Fact]
    public async Task Event_is_traced_to_its_cause_and_its_consequences()
    {
        var path = await Registered("ada");
        await Registered("bob");
        var (cause, _, _) = await Stored();
        await Http.PatchJson(path, """{"firstName":"A","email":"a@example.org"}""");
        // Written as by a command that an event caused.
        await Postgres.ExecuteAsync(
            $"update customers.events set causation_id = '{cause}', correlation_id = (select correlation_id from customers.events where "
                + $"event_id = '{cause}') where stream_version > 1");

        var traced = (await Http.GetJson($"{EventList}/{cause}")).Json;
        traced["causedBy"].ShouldBeNull();
        traced["caused"]!.AsArray().Select(e => (string)e!["type"]!).ShouldBe(["customer.renamed.v1", "customer.email-changed.v1"]);
        traced["correlated"]!.AsArray().Select(e => (long)e!["streamVersion"]!).ShouldBe([1, 2, 3]);
        traced["truncated"]!.GetValue<bool>().ShouldBeFalse();

        var effect = (await Http.GetJson($"{EventList}/{traced["caused"]![1]!["id"]}")).Json;
        effect["causedBy"]!["id"]!.GetValue<string>().ShouldBe(cause.ToString());
        effect["caused"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Unknown_event_is_not_found()
    {
        var answer = await Http.GetJson($"{EventList}/{Guid.NewGuid()}");
        answer.Status.ShouldBe(404);
        answer.Slug.ShouldBe("event-not-found");
        (await Http.GetJson($"{EventList}/1")).Slug.ShouldBe("invalid-id");
    }

    [Fact]
    public async Task Searches_use_the_indexes()
    {
        await Postgres.ExecuteAsync(
            """
            insert into customers.events (partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, correlation_id, causation_id)
            select 0, n, gen_random_uuid(), gen_random_uuid(), 1, 't', '{}', now() + n * interval '1 ms', gen_random_uuid(), case when n % 10 = 0 then gen_random_uuid() end
            from generate_series(1, 20000) n
            """);
        const string Id = "'01900000-0000-7000-8000-00000000000a'";
        const string Order = "order by occurred_at, stream_id, stream_version limit 51";
        // The queries of LogSearch, before PostgreSQL has statistics of the table.
        foreach (var (query, index) in new[]
        {
            ($"select * from customers.events where event_id = {Id}", "ux_events_event_id"),
            ($"with few as materialized (select * from customers.events where correlation_id = {Id}) select * from few {Order}",
                "ix_events_correlation_id"),
            ($"with few as materialized (select * from customers.events where causation_id = {Id}) select * from few {Order}",
                "ix_events_causation_id"),
            ($"with few as materialized (select * from customers.events where stream_id = {Id}) select * from few {Order}", "pk_events"),
            (
                "select * from customers.events where occurred_at >= now() and (occurred_at, stream_id, stream_version) > (now(), "
                    + $"{Id}, 1) {Order}",
                "ix_events_occurred_at"),
            ($"select * from customers.events {Order}", "ix_events_occurred_at"),
        })
        {
            var plan = string.Join('\n', await Postgres.QueryAsync<string>($"explain {query}"));
            plan.ShouldContain(index);
            plan.ShouldNotContain("Seq Scan");
        }
    }

    private async Task<IEnumerable<JsonNode>> Items(string path)
    {
        var answer = await Http.GetJson(path);
        answer.Status.ShouldBe(200, answer.Text);
        return answer.Json["items"]!.AsArray().Select(item => item!);
    }

    /// <summary>The first customer's first event.</summary>
    private async Task<(Guid Id, int Partition, string Data)> Stored()
    {
        const string First = "from customers.events where stream_version = 1 order by occurred_at limit 1";
        return (
            await Postgres.ScalarAsync<Guid>($"select event_id {First}"),
            await Postgres.ScalarAsync<int>($"select partition {First}"),
            await Postgres.ScalarAsync<string>($"select data::text {First}"));
    }
}
