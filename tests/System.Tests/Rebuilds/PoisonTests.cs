using System.Net;
using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class PoisonTests(Servers servers)
{
    private const int Events = 100_000;
    private const int Clients = 4;
    private const int SomeCommands = 200;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Inapplicable_event_dead_letters_only_its_key()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var log = new SeededLog(site.Sql);
        log.AddMany(TestScale.Of(Events) / 2);
        // The customer is renamed before its registration. No fold can apply that.
        var bad = Guid.CreateVersion7(DateTimeOffset.UtcNow.AddDays(-1));
        log.AddRename(bad, "Nobody");
        log.AddMany(TestScale.Of(Events) / 2);
        log.Add(
            "customers",
            bad,
            "customer.registered.v1",
            $$"""{"customerId":"{{bad}}","username":"late","firstName":"A","lastName":"B","email":"a@example.org"}""");
        log.AddRename(bad, "Later");
        await log.WriteAsync();
        var host = await site.StartHostAsync();
        var operators = new Operator(host.Url);

        foreach (var projection in Projections.All)
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, bad, events: 3);
        await RowsShouldBeRightAsync(site, without: bad, from: 0);

        foreach (var projection in Projections.All)
        {
            (await operators.EndAsync(await operators.RequeueAsync(projection, bad.ToString()))).State.ShouldBe("failed");
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, bad, events: 3);
            // The next generation reads the same event and stores dead letters for the same key.
            var rebuilt = await operators.DoneAsync(operators.RebuildAsync(projection));
            var report = await operators.ReportAsync(projection);
            report.Live.ShouldBe(rebuilt.Generation);
            report.DeadLetters.ShouldBe(3);
            await operators.DoneAsync(operators.DiscardAsync(projection, bad.ToString(), "never registered"));
            (await operators.ReportAsync(projection)).DeadLetters.ShouldBe(0);
        }

        (await operators.SendAsync(HttpMethod.Get, "actions")).Text.ShouldContain("never registered");
        await RowsShouldBeRightAsync(site, without: bad, from: 0);
        await Health.BecomesHealthyAsync(host.Url, SeenWithin);
    }

    [Fact]
    public async Task Rejected_row_in_large_batch_dead_letters_only_its_key()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var log = new SeededLog(site.Sql);
        var (early, late) = (log.AddCustomer(), log.AddCustomer());
        log.AddMany(TestScale.Of(Events) / 4);
        await AppendRefusedAsync(early);
        var host = await site.StartHostAsync();

        // The first build reads the event while it still folds in memory.
        foreach (var projection in Projections.All)
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, early, events: 3);
        await RowsShouldBeRightAsync(site, without: early, from: 2);

        // The live generations read one in batches of the maximum size.
        await host.Process.KillAsync();
        log.AddMany(TestScale.Of(Events) / 4);
        await AppendRefusedAsync(late);
        host = await site.StartHostAsync(host.Url);
        foreach (var projection in Projections.All)
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, late, events: 3);
        var operators = new Operator(host.Url);
        foreach (var projection in Projections.All)
        {
            await operators.DoneAsync(operators.DiscardAsync(projection, early.ToString(), "a name that no customer has"));
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, late, events: 3);
            await operators.DoneAsync(operators.DiscardAsync(projection, late.ToString(), "a name that no customer has"));
        }

        await Health.BecomesHealthyAsync(host.Url, SeenWithin);
        await RowsShouldBeRightAsync(site, customer => customer == early || customer == late, from: 2);

        async Task AppendRefusedAsync(Guid customer)
        {
            log.AddRename(customer, "Good");
            log.AddRename(customer, @"Zero\u0000");
            // No later event corrects the row. Otherwise a batch that holds all of them would never show the fault.
            log.Add("customers", customer, "customer.deactivated.v1", $$"""{"customerId":"{{customer}}","reason":"later"}""");
            log.Add("customers", customer, "customer.reactivated.v1", $$"""{"customerId":"{{customer}}","reason":"later still"}""");
            log.AddMany(1_000);
            await log.WriteAsync();
        }
    }

    [Theory, InlineData(Transport.Embedded), InlineData(Transport.Kafka)]
    public async Task Dead_letters_under_load_are_applied_after_fix_and_requeue(Transport transport)
    {
        await using var site = await Site.OpenAsync(servers, transport);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var registered = load.Journal.Answered.First(answer => answer.Command.Path == "customers").Stream;
        var customer = new OneCustomer(host.Url, registered);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        foreach (var table in new[] { "customers_g1", "summaries_g1" })
            await ExecuteAsync(
                site, $"alter table orders_read.{table} add constraint unwanted check (name not like '%unwanted') not valid");

        load.Journal.NoteAnswered(await customer.RenameAsync("unwanted"));
        load.Journal.NoteAnswered(await customer.RenameAsync("still unwanted"));
        await using var afterwards = new MixedLoad(Clients, host.Url);
        await afterwards.RunAsync(SomeCommands);
        load.Journal.Add(afterwards.Journal);
        foreach (var projection in Projections.All)
            await ShouldBeDeadLetteredAsync(site, host.Url, projection, registered, events: null);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);

        var operators = new Operator(host.Url);
        foreach (var table in new[] { "customers_g1", "summaries_g1" })
            await ExecuteAsync(site, $"alter table orders_read.{table} drop constraint unwanted");
        foreach (var projection in Projections.All)
            await operators.DoneAsync(operators.RequeueAsync(projection, registered.ToString()));
        await Health.BecomesHealthyAsync(host.Url, SeenWithin);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
    }

    /// <summary>Waits until a projection has applied all but this key, which has dead letters that health reports.</summary>
    private static async Task ShouldBeDeadLetteredAsync(Site site, Uri host, string projection, Guid key, int? events)
    {
        await Eventually.HoldsAsync(SeenWithin, async () =>
            (await new Operator(host).ReportAsync(projection)) is { Live: null } report ? $"{report} is not built" : null);
        await SystemInvariants.CaughtUpAsync(site.Sql, SeenWithin);
        await Health.BecomesAsync(host, SeenWithin, health =>
            health is { Code: HttpStatusCode.OK, Status: "degraded" }
                && health.Faults.Any(
                    fault => fault.Key == $"projection:{projection}" && fault.Value.Detail.Contains("letters", StringComparison.Ordinal)));
        using var deadLetters =
            JsonDocument.Parse((await new Operator(host).SendAsync(HttpMethod.Get, $"dead-letters?projection={projection}")).Text);
        var ofKey =
            deadLetters.RootElement.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("key").GetString()).ToArray();
        if (events is { } expected)
            ofKey.Count(found => found == key.ToString()).ShouldBe(expected);
        ofKey.ShouldContain(key.ToString());
        await ShouldAllBeDeadLetteredAsync(site, host, projection);
    }

    private static async Task ShouldAllBeDeadLetteredAsync(Site site, Uri host, string projection)
    {
        var report = await new Operator(host).ReportAsync(projection);
        await using var keys = site.Sql.CreateCommand(
            "select count(distinct key), count(*) from orders_read.dead_letters where projection = $1 and generation = $2");
        keys.Parameters.Add(new() { Value = projection });
        keys.Parameters.Add(new() { Value = report.Live!.Value });
        await using var row = await keys.ExecuteReaderAsync();
        await row.ReadAsync();
        row.GetInt64(0).ShouldBeLessThanOrEqualTo(2);
        report.DeadLetters.ShouldBe(row.GetInt64(1));
    }

    private static Task RowsShouldBeRightAsync(Site site, Guid without, long from) =>
        RowsShouldBeRightAsync(site, customer => customer == without, from);

    /// <summary>The rows match the log, without the later events of some customers.</summary>
    private static async Task RowsShouldBeRightAsync(Site site, Func<Guid, bool> isDeadLettered, long from)
    {
        var (customers, orders) = (await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        await ReadModels.QueryStoresShouldEqualFoldsAsync(
            site.Sql, customers.Events.Where(logged => !isDeadLettered(logged.Stream) || logged.Version <= from), orders.Events);
    }

    private static async Task ExecuteAsync(Site site, string sql)
    {
        await using var command = site.Sql.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
