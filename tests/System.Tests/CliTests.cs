using System.Globalization;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests;

/// <summary>Every verb as a process against a real host: what it writes, and its exit code.</summary>
[Trait("Category", "System")]
public sealed class CliTests(Servers servers)
{
    private const string Customers = "orders.customers";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Projections_are_rebuilt_promoted_rolled_back_cancelled_and_dropped()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var cli = await ShopAsync(site);

        var list = (await cli.RunAsync("projections list")).ShouldExit(0);
        list.Output[0].ShouldMatch("^PROJECTION +MODULE +STORE +LIVE +STATE +LAG +DEAD LETTERS$");
        list.Output.ShouldContain(line => line.StartsWith("orders.summaries ", StringComparison.Ordinal));
        Listed(list).ShouldMatch("^orders.customers +orders +postgres +g1 +live +0 +0$");

        (await cli.RunAsync($"projections rebuild {Customers}"))
            .ShouldExit(0).Output[^1]
            .ShouldStartWith($"rebuild of {Customers} (g2) is done");
        (await cli.RunAsync($"projections rebuild {Customers} --promote manual")).ShouldExit(0).Text.ShouldContain("g3");
        var show = (await cli.RunAsync($"projections show {Customers} --partitions")).ShouldExit(0);
        show.Output[0].ShouldBe($"{Customers} of orders in postgres, version 1: live, g3 ready, 0 dead letters");
        show.Output.ShouldContain(
            line => line.StartsWith("GENERATION  STATE ", StringComparison.Ordinal) && line.Contains("BEHIND", StringComparison.Ordinal));
        show.Output.ShouldContain(
            line =>
                line.StartsWith("g2 ", StringComparison.Ordinal)
                    && line.Contains(" live ", StringComparison.Ordinal)
                    && line.Contains(" 0 s ", StringComparison.Ordinal));
        show.Output.ShouldContain(line => line.StartsWith("customers.events[31]", StringComparison.Ordinal));

        (await cli.RunAsync($"projections rebuild {Customers}"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain($"projections cancel {Customers} 3");
        (await cli.RunAsync($"projections promote {Customers} 3")).ShouldExit(0).Output[^1].ShouldContain("done");
        (await cli.RunAsync($"projections rollback {Customers}")).ShouldExit(0).Output[^1].ShouldContain("rollback");
        (await LiveAsync(site)).ShouldBe(2);
        (await cli.RunAsync($"projections drop {Customers} 1")).ShouldExit(0).Output[^1].ShouldContain("done");
        (await cli.RunAsync($"projections drop {Customers} 2")).ShouldExit(1).Errors.ShouldHaveSingleItem().ShouldContain("is live");

        (await cli.RunAsync($"projections rebuild {Customers} --promote manual")).ShouldExit(0);
        (await cli.RunAsync($"projections cancel {Customers} 4")).ShouldExit(0);
        (await cli.RunAsync($"projections cancel {Customers} 4")).ShouldExit(1).Errors.ShouldHaveSingleItem().ShouldContain("is cancelled");
        (await cli.RunAsync($"projections promote {Customers} 77"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain("has no generation 77");

        var detached = (await cli.RunAsync($"projections rebuild {Customers} --detach --json")).ShouldExit(0);
        ((string)detached.Json["kind"]!, (int)detached.Json["generation"]!).ShouldBe(("rebuild", 5));
        await Eventually.HoldsAsync(Timeout, async () => await LiveAsync(site) == 5 ? null : "generation 5 is not live");
    }

    [Fact]
    public async Task Paused_projection_is_reported_and_continues_when_resumed()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var cli = await ShopAsync(site);

        (await cli.RunAsync($"projections pause {Customers}")).ShouldExit(0).Text.ShouldContain("is paused on every host");
        (await cli.RunAsync($"projections pause {Customers}"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain($"projections resume {Customers}");
        Listed((await cli.RunAsync("projections list")).ShouldExit(0)).ShouldContain(" paused ");
        var refused = (await cli.RunAsync($"projections rebuild {Customers} --json")).ShouldExit(1);
        ((string)refused.Json["type"]!).ShouldBe("urn:problem:projection-paused");
        refused.Errors.ShouldBeEmpty();
        (await cli.RunAsync($"projections resume {Customers}")).ShouldExit(0).Text.ShouldContain("goes on");
        (await cli.RunAsync($"projections resume {Customers}")).ShouldExit(1);
    }

    [Fact]
    public async Task Snapshot_is_created_once_per_name_and_dropped()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var cli = await ShopAsync(site);
        var now = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

        (await cli.RunAsync($"projections rebuild {Customers} --until {now} --snapshot january"))
            .ShouldExit(0).Output[^1]
            .ShouldContain("the snapshot january is kept");
        (await cli.RunAsync($"projections rebuild {Customers} --until {now} --snapshot january"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain($"projections drop {Customers} 2");
        var show = (await cli.RunAsync($"projections show {Customers}")).ShouldExit(0);
        show.Output.ShouldContain(
            line => line.StartsWith("g2 ", StringComparison.Ordinal) && line.Contains("january, as of", StringComparison.Ordinal));
        (await cli.RunAsync($"projections drop {Customers} 2")).ShouldExit(0);
    }

    [Fact]
    public async Task Verify_finds_a_row_that_was_changed_by_hand()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var cli = await ShopAsync(site);

        (await cli.RunAsync($"projections verify {Customers}")).ShouldExit(0).Text.ShouldContain("3 rows compared, 0 differ");
        var changed = await ScalarAsync<Guid>(
            site.Sql,
            "update orders_read.customers_g1 set name = 'Mallory' where username = (select min(username) from orders_read.customers_g1) "
                + "returning customer_id");

        var found = (await cli.RunAsync($"projections verify {Customers}")).ShouldExit(1);
        found.Output.ShouldContain(
            line => line.StartsWith(changed.ToString(), StringComparison.Ordinal) && line.Contains("Mallory", StringComparison.Ordinal));
        var document = (await cli.RunAsync($"projections verify {Customers} --json")).ShouldExit(1).Json;
        ((long)document["result"]!["differingRows"]!, (string)document["result"]!["differences"]![0]!["key"]!)
            .ShouldBe((1, changed.ToString()));
    }

    [Fact]
    public async Task Logs_events_and_streams_are_shown()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var cli = new CliRunner(host.Url);
        (await cli.RunAsync("events list")).ShouldExit(0).Output.ShouldHaveSingleItem().ShouldBe("No event matches.");
        var shop = new Shop(host.Url);
        var customer = await shop.RegisterAsync();
        await shop.PostAsync($"customers/{customer}/deactivate", """{"reason":"gone"}""");
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);

        var logs = (await cli.RunAsync("logs")).ShouldExit(0);
        logs.Output[0].ShouldMatch("^LOG +MODULE +PARTITIONS +EVENTS +RELAYED +FIRST +LAST$");
        logs.Output[1].ShouldMatch("^customers.events +customers +32 +2 +– ");
        (await cli.RunAsync("logs --partitions")).ShouldExit(0).Output.Count.ShouldBe(3 + 2 * (1 + 1 + 32));

        var list = (await cli.RunAsync($"events list --stream {customer}")).ShouldExit(0);
        list.Output.Count.ShouldBe(3);
        list.Output[0].ShouldMatch("^TIME +EVENT +STREAM +VERSION +ACTOR +ID$");
        var first = (await cli.RunAsync($"events list --stream {customer} --limit 1")).ShouldExit(0);
        var cursor = first.Output[^1].Split(' ')[^1];
        var next = (await cli.RunAsync($"events list --stream {customer} --limit 1 --after {cursor}")).ShouldExit(0);
        next.Output.Count.ShouldBe(2);
        next.Output[1].ShouldBe(list.Output[2]);
        var id = (string)(await cli.RunAsync("events list --module customers --type customer.deactivated.v1 --json"))
            .ShouldExit(0).Json["items"]![0]!["id"]!;
        var one = (await cli.RunAsync($"events show {id}")).ShouldExit(0);
        one.Output[0].ShouldBe("customer.deactivated.v1 of customers");
        one.Output.ShouldContain("Caused from outside.");
        (await cli.RunAsync($"events show {Guid.NewGuid()}")).ShouldExit(1).Errors.ShouldHaveSingleItem();

        var past = (await cli.RunAsync($"streams show {customer} --version 1")).ShouldExit(0);
        past.Output[0].ShouldBe($"customer {customer} of customers, version 1 of 2");
        past.Output.ShouldContain(
            line => line.StartsWith("status ", StringComparison.Ordinal) && line.EndsWith("active", StringComparison.Ordinal));
        (await cli.RunAsync($"streams show {customer}"))
            .ShouldExit(0).Output.ShouldContain(
                line => line.StartsWith("status ", StringComparison.Ordinal) && line.EndsWith(" inactive", StringComparison.Ordinal));
        (await cli.RunAsync($"streams show {customer} --at 2001-01-01T00:00:00Z")).ShouldExit(1).Errors.ShouldHaveSingleItem();
        var diff = (await cli.RunAsync($"streams diff {customer} --from 1 --to 2")).ShouldExit(0);
        diff.Output[0].ShouldStartWith($"customer {customer} of customers, from version 1 (");
        diff.Output.ShouldContain(
            line => line.StartsWith("status ", StringComparison.Ordinal) && line.Contains("active", StringComparison.Ordinal));
        (await cli.RunAsync($"streams diff {customer} --from 1 --json")).ShouldExit(0).Json["changes"]!.AsArray().ShouldNotBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Tail_shows_only_new_events(bool json)
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var shop = new Shop(host.Url);
        var before = await shop.RegisterAsync();
        await using var tail =
            await new CliRunner(host.Url).StartAsync("events tail --type customer.deactivated.v1" + (json ? " --json" : ""));

        var later = new List<Guid>();
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            // The tail starts at an unknown moment: events are sent until it has shown one.
            later.Add(await shop.RegisterAsync());
            await shop.PostAsync($"customers/{later[^1]}/deactivate", """{"reason":"gone"}""");
            return tail.Output.Count > 0 ? null : "an event is shown";
        });
        await shop.PostAsync($"customers/{before}/deactivate", """{"reason":"gone"}""");
        await Eventually.HoldsAsync(
            Timeout, "the last event is shown", () => tail.Output.Any(line => line.Contains(before.ToString(), StringComparison.Ordinal)));
        await tail.TerminateAsync();

        var ended = (await CliRunner.EndAsync(tail)).ShouldExit(0);
        ended.Output.Count.ShouldBe(ended.Output.Distinct().Count());
        ended.Output.ShouldAllBe(line => line.Contains("customer.deactivated.v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dead_letters_are_listed_requeued_and_discarded()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var (cli, shop) = (new CliRunner(host.Url), new Shop(host.Url));
        (await cli.RunAsync("dead-letters list")).ShouldExit(0).Output.ShouldHaveSingleItem().ShouldBe("There are no dead letters.");
        (await cli.RunAsync($"dead-letters requeue --projection {Customers}"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain("no dead letters");
        var (refused, poisoned) = (await shop.RegisterAsync(), await shop.RegisterAsync());

        await ExecuteAsync(site.Sql, "alter table orders_read.customers_g1 add constraint refuses check (status <> 'inactive')");
        await shop.PostAsync($"customers/{refused}/deactivate", """{"reason":"gone"}""");
        await LoggedByHand.AppendAsync(site.Sql, "customers", poisoned, "customer.renamed.v1", """{"customerId":"no id"}""");
        await LoggedByHand.AppendAsync(
            site.Sql, "customers", poisoned, "customer.deactivated.v1", $$"""{"customerId":"{{poisoned}}","reason":"later"}""");
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await cli.RunAsync($"dead-letters list --projection {Customers}")).Output.Count == 4 ? null : "three dead letters");

        var list = (await cli.RunAsync($"dead-letters list --projection {Customers}")).ShouldExit(0);
        list.Output[0].ShouldMatch("^PROJECTION +GENERATION +KEY +TYPE +OFFSET +SINCE +REQUESTED +REASON$");
        list.Output.ShouldContain(
            line =>
                line.Contains(poisoned.ToString(), StringComparison.Ordinal)
                    && line.EndsWith("follows an earlier dead letter of its key", StringComparison.Ordinal));
        Listed((await cli.RunAsync("projections list")).ShouldExit(0)).ShouldMatch(" 3$");
        var page = (await cli.RunAsync($"dead-letters list --projection {Customers} --limit 2")).ShouldExit(0);
        page.Output.Count.ShouldBe(4);
        page.Output[^1].ShouldStartWith("There are more: go on with --after ");
        var next = (await cli.RunAsync($"dead-letters list --projection {Customers} --limit 2 --after {page.Output[^1].Split(' ')[^1]}"))
            .ShouldExit(0);
        page.Output.Skip(1).SkipLast(1).Concat(next.Output.Skip(1)).Select(Words).ShouldBe(list.Output.Skip(1).Select(Words));

        await ExecuteAsync(site.Sql, "alter table orders_read.customers_g1 drop constraint refuses");
        (await cli.RunAsync($"dead-letters requeue --projection {Customers} --key {refused}")).ShouldExit(0).Text.ShouldContain("done");
        (await ScalarAsync<string>(site.Sql, $"select status from orders_read.customers where customer_id = '{refused}'"))
            .ShouldBe("inactive");

        (await cli.RunAsync($"dead-letters discard --projection {Customers} --key {poisoned}"))
            .ShouldExit(2).Errors[0]
            .ShouldContain("--reason");
        (await cli.RunAsync($"dead-letters discard --projection {Customers} --key {poisoned} --reason test-data --actor ada"))
            .ShouldExit(0).Text.ShouldContain("done");
        (await cli.RunAsync($"dead-letters list --projection {Customers}")).ShouldExit(0).Output.ShouldHaveSingleItem();
        (await ScalarAsync<long>(site.Sql, "select count(*) from orders_read.actions where actor = 'ada' and action = 'discard "
            + $"{poisoned}: test-data' and outcome = 'done'"))
            .ShouldBe(1);
    }

    [Fact]
    public async Task Interrupted_wait_names_the_operation_and_waiting_survives_restart()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        var cli = new CliRunner(host.Url);
        await Eventually.HoldsAsync(Timeout, async () => await LiveAsync(site) == 1 ? null : "generation 1 is not live");

        // A reader's lock blocks the promotion, so that the rebuild runs until the lock is released.
        await using (var reader = await site.Sql.OpenConnectionAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table orders_read.customers in access share mode", reader, transaction);
            await hold.ExecuteNonQueryAsync();
            await using var left = await cli.StartAsync($"projections rebuild {Customers}");
            await Eventually.HoldsAsync(Timeout, "progress is shown", () => left.Output.Count > 0);
            await left.TerminateAsync();
            var operation = await ScalarAsync<Guid>(site.Sql, "select id from orders_read.operations where state = 'running'");
            (await CliRunner.EndAsync(left)).ShouldExit(1).Errors.ShouldHaveSingleItem().ShouldContain($"goes on as operation {operation}");
        }

        await Eventually.HoldsAsync(Timeout, async () => await LiveAsync(site) == 2 ? null : "generation 2 is not live");
        ChildProcess waiting;
        await using (var reader = await site.Sql.OpenConnectionAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync();
            await using var hold = new NpgsqlCommand("lock table orders_read.customers in access share mode", reader, transaction);
            await hold.ExecuteNonQueryAsync();
            waiting = await cli.StartAsync($"projections rebuild {Customers}");
            await Eventually.HoldsAsync(Timeout, "progress is shown", () => waiting.Output.Count > 0);
            await host.Process.KillAsync();
        }

        await using var disposed = waiting;
        await site.StartHostAsync(host.Url);
        (await CliRunner.EndAsync(waiting)).ShouldExit(0).Output[^1].ShouldContain("(g3) is done");
    }

    [Theory]
    [InlineData("projection")]
    [InlineData("projections")]
    [InlineData("projections show")]
    [InlineData("projections rebuild orders.customers --promote sometimes")]
    [InlineData("projections rebuild orders.customers --snapshot january")]
    [InlineData("projections rebuild orders.customers --until yesterday --snapshot january")]
    [InlineData("projections promote orders.customers first")]
    [InlineData("events show 1")]
    [InlineData("events list --from yesterday")]
    [InlineData("events list --limit 201")]
    [InlineData("streams diff 01900000-0000-7000-8000-00000000000a")]
    [InlineData("streams show 01900000-0000-7000-8000-00000000000a --at 2026-01-01T00:00:00Z --version 1")]
    [InlineData("dead-letters requeue")]
    [InlineData("logs --url somewhere")]
    [InlineData("demo --rate 0")]
    public async Task Wrong_usage_and_failure_have_distinct_exit_codes(string line)
    {
        var run = (await CliRunner.RunAloneAsync(line.Split(' '))).ShouldExit(2);
        run.Output.ShouldBeEmpty();
        run.Errors[^1].ShouldStartWith("Usage: ./run");
    }

    [Theory, InlineData("projections list"), InlineData("events tail"), InlineData("logs --json")]
    public async Task Unreachable_host_is_reported_in_one_line(string line)
    {
        var run = (await new CliRunner(FreeAddress.Http()).RunAsync(line)).ShouldExit(1);
        run.Output.ShouldBeEmpty();
        run.Errors.ShouldHaveSingleItem().ShouldContain("No host answers at http://127.0.0.1:");
    }

    [Fact]
    public async Task Json_is_one_document()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var cli = await ShopAsync(site);

        foreach (
            var line in new[]
            {
                "projections list",
                $"projections show {Customers}",
                $"projections rebuild {Customers}",
                $"projections verify {Customers}",
                "events list",
                "logs",
                "dead-letters list",
                "demo --customers 1 --rate 50",
            })
            (await cli.RunAsync($"{line} --json")).ShouldExit(0).Json.AsObject().ShouldNotBeEmpty(line);
        foreach (
            var (line, slug) in new[]
            {
                ("projections show nothing", "projection-unknown"),
                ($"projections promote {Customers} 9", "generation-unknown"),
                ($"streams show {Guid.NewGuid()}", "stream-not-found"),
            })
            ((string)(await cli.RunAsync($"{line} --json")).ShouldExit(1).Json["type"]!).ShouldBe($"urn:problem:{slug}");
    }

    [Fact]
    public async Task Migrate_may_be_run_again()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        await using var verb =
            await CliProgram.LaunchAsync(new Dictionary<string, string> { ["ConnectionStrings__Monolith"] = site.Database }, "migrate");
        (await CliRunner.EndAsync(verb)).ShouldExit(0).Output.ShouldHaveSingleItem().ShouldBe("The migrations of all modules are applied.");
        await using var forPrograms = await CliProgram.LaunchAsync(
            new Dictionary<string, string> { ["ConnectionStrings__Monolith"] = site.Database }, "migrate", "--json");
        ((bool)(await CliRunner.EndAsync(forPrograms)).ShouldExit(0).Json["migrated"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task Host_migrates_in_Development()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Monolith"] = site.Database,
            ["DOTNET_ENVIRONMENT"] = "Development",
        };

        await using var migrate = await HostProcess.LaunchVerbAsync(environment, "migrate");

        (await CliRunner.EndAsync(migrate)).ShouldExit(0).Output.ShouldBe(["The migrations of all modules are applied."]);
    }

    [Fact]
    public async Task Health_lists_each_check_and_sets_the_exit_code()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Embedded);
        var host = await site.StartHostAsync();
        await Health.BecomesHealthyAsync(host.Url, Timeout);
        var cli = new CliRunner(host.Url);

        var healthy = (await cli.RunAsync("health")).ShouldExit(0);
        healthy.Output[0].ShouldBe("healthy");
        healthy.Output.ShouldContain(line => Words(line) == "postgres:customers healthy –");
        ((string)(await cli.RunAsync("health --json")).ShouldExit(0).Json["status"]!).ShouldBe("healthy");

        // A live generation is no longer updated while its registry cannot be read.
        await ExecuteAsync(site.Sql, "alter table orders_read.generations rename to mislaid");
        await Eventually.HoldsAsync(
            Timeout,
            async () =>
                (await cli.RunAsync("health")) is { ExitCode: 1 } ill && ill.Output[0] == "unhealthy" ? null : "it is healthy still");
        (await CliRunner.RunAloneAsync("health", "--url", "http://127.0.0.1:1"))
            .ShouldExit(1).Errors.ShouldHaveSingleItem()
            .ShouldContain("No host answers at http://127.0.0.1:1");
    }

    /// <summary>The line of Orders' customer view, among those of all modules.</summary>
    private static string Listed(VerbRun list) => list.Output.Single(line => line.StartsWith($"{Customers} ", StringComparison.Ordinal));

    /// <summary>A host with three customers and some of their orders, created by the verb demo.</summary>
    private static async Task<CliRunner> ShopAsync(Site site)
    {
        var cli = new CliRunner((await site.StartHostAsync()).Url);
        (await cli.RunAsync("demo --rate 50 --customers 3 --orders 5")).ShouldExit(0).Output[^1].ShouldStartWith("total: ");
        await SystemInvariants.CaughtUpAsync(site.Sql, Timeout);
        return cli;
    }

    /// <summary>A line of a table, however wide its columns are.</summary>
    private static string Words(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static Task<int> LiveAsync(Site site) =>
        ScalarAsync<int>(site.Sql, $"select number from orders_read.generations where projection = '{Customers}' and state = 'live'");

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
