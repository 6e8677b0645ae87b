using System.Globalization;
using System.Net;
using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class RequestTests(Servers servers)
{
    private const int Clients = 4;
    private const int SomeCommands = 300;
    private const int Events = 100_000;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Projections_rebuild_concurrently_but_each_only_once()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var log = new SeededLog(site.Sql);
        log.AddMany(TestScale.Of(Events));
        await log.WriteAsync();
        var operators = new Operator((await site.StartHostAsync()).Url);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);

        var operations =
            await Task.WhenAll(Projections.All.Select(projection => operators.RebuildAsync(projection, """{"promote":"manual"}""")));
        foreach (var projection in Projections.All)
        {
            var again = await operators.SendAsync(HttpMethod.Post, $"projections/{projection}/rebuild", "{}");
            again.Status.ShouldBe(409, again.Text);
            again.Text.ShouldContain($"projections cancel {projection} 2");
        }

        foreach (var operation in operations)
        {
            (await operators.EndAsync(operation)).State.ShouldBe("done");
            (await operators.ReportAsync(operation.Projection)).Of(2).State.ShouldBe("ready");
            (await operators.SendAsync(HttpMethod.Post, $"projections/{operation.Projection}/rebuild")).Status.ShouldBe(409);
        }
    }

    [Fact]
    public async Task Snapshots_are_reproducible_and_reject_a_future_time()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        var until = DateTimeOffset.UtcNow;
        var (customers, orders) = (await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        await using var later = new MixedLoad(Clients, host.Url);
        later.Start();
        var operators = new Operator(host.Url);

        foreach (var projection in Projections.All)
        {
            var hashes = new List<string?>();
            foreach (var name in new[] { "first", "second" })
            {
                var made = await operators.DoneAsync(
                    operators.RebuildAsync(projection, JsonSerializer.Serialize(new { until = Rfc3339(until), snapshot = name })));
                var snapshot = (await operators.ReportAsync(projection)).Of(made.Generation!.Value);
                (snapshot.State, snapshot.Snapshot).ShouldBe(("snapshot", name));
                hashes.Add(snapshot.RowHash.ShouldNotBeNull());
            }

            hashes.Distinct().ShouldHaveSingleItem();
            (await operators.ReportAsync(projection)).Live.ShouldBe(1);
        }

        await later.StopAsync();
        await RowsShouldBeThoseOfAsync(site, customers, orders);
        foreach (var projection in Projections.All)
        {
            var refused = await operators.SendAsync(
                HttpMethod.Post, $"projections/{projection}/rebuild", JsonSerializer.Serialize(
                    new { until = Rfc3339(DateTimeOffset.UtcNow.AddHours(1)), snapshot = "third" }));
            refused.Status.ShouldBe(400, refused.Text);
            refused.Text.ShouldContain("future");
        }
    }

    [Fact]
    public async Task Unbuilt_read_model_is_reported_and_answers_once_complete()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var log = new SeededLog(site.Sql);
        var customer = log.AddCustomer();
        log.AddRename(customer, "Lind");
        await log.WriteAsync();
        await AsReplicaAsync(
            site,
            $"create table public.missing as select * from customers.events where stream_id = '{customer}' and stream_version = 1; "
                + "delete from customers.events where event_id in (select event_id from public.missing)");
        var host = await site.StartHostAsync();
        using var client = new HttpClient { BaseAddress = host.Url };

        var building = await client.GetJson($"api/v1/order-summaries/{customer}");
        (building.Status, building.Slug).ShouldBe((503, "read-model-building"), building.Text);
        building.Response.Headers.RetryAfter.ShouldNotBeNull();
        var refused = await new Operator(host.Url).SendAsync(HttpMethod.Post, "projections/orders.customers/verify");
        (refused.Status, refused.Slug).ShouldBe((409, "read-model-building"), refused.Text);

        await Health.BecomesAsync(
            host.Url,
            SeenWithin,
            health =>
                health is { Code: HttpStatusCode.OK, Status: "degraded" }
                    && health.Checks["projection:orders.customers"].Detail.Contains("but not offset 0", StringComparison.Ordinal));
        var report = await new Operator(host.Url).SendAsync(HttpMethod.Get, "projections/orders.customers");
        report.Text.ShouldContain("but not offset 0", customMessage: "the report shows what the build waits for");

        // A log is restored while no host runs: an in-process reader does not go back behind its checkpoint.
        await host.StopAsync();
        await AsReplicaAsync(site, "insert into customers.events select * from public.missing");
        using var restarted = new HttpClient { BaseAddress = (await site.StartHostAsync()).Url };
        JsonAnswer? answer = null;
        await Eventually.HoldsAsync(SeenWithin, async () =>
        {
            answer = await restarted.GetJson($"api/v1/order-summaries/{customer}");
            return answer.Status == 503 ? answer.Text : null;
        });
        answer!.Status.ShouldBe(200, answer.Text);
        ((string?)answer.Json["name"]).ShouldBe("Zoë Lind");
    }

    private static async Task AsReplicaAsync(Site site, string sql)
    {
        await using var command = site.Sql.CreateCommand($"begin; set local session_replication_role = replica; {sql}; commit");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task RowsShouldBeThoseOfAsync(Site site, WrittenLog customers, WrittenLog orders)
    {
        var known = CustomerState.Fold(customers.Events);
        var placed = OrderState.Fold(orders.Events).Values.ToLookup(order => order.Customer);
        Table.ShouldBe(
            "the snapshot of customers",
            await Table.ReadAsync(site.Sql, "select customer_id, username, name, status from orders_read.customers_at_first"),
            known.ToDictionary(c => c.Key, c => Table.Row(c.Value.Username, c.Value.Name, c.Value.Status)));
        Table.ShouldBe(
            "the snapshot of summaries",
            await Table.ReadAsync(site.Sql, "select customer_id, name, status, orders, cancelled from orders_read.summaries_at_first"),
            known.ToDictionary(
                c => c.Key,
                c =>
                    Table.Row(
                        c.Value.Name, c.Value.Status, placed[c.Key].Count(), placed[c.Key].Count(order => order.Status == "cancelled"))));
    }

    private static string Rfc3339(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
