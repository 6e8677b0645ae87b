using System.Globalization;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class RebuildWithKafkaTests(Servers servers)
{
    private const string GroupOfFirst = "monolith.orders.customers.g1";
    private const string GroupOfSecond = "monolith.orders.customers.g2";
    private const int Clients = 4;
    private const int SomeCommands = 200;
    private const int Events = 100_000;
    private const int Takeovers = 5;

    private static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Generation_has_its_own_consumer_group_until_it_is_dropped()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        var operators = new Operator(host.Url);
        var topics = new Topics(site.Kafka);

        var waiting = await operators.DoneAsync(operators.RebuildAsync(Projections.Customers, """{"promote":"manual"}"""));
        waiting.Generation.ShouldBe(2);
        await Eventually.HoldsAsync(
            SeenWithin,
            async () => (await topics.MembersAsync(GroupOfSecond)).Sum() > 0 ? null : "the group of the second generation has no member");
        await LagShouldBecomeNothingAsync(site, GroupOfFirst);
        await LagShouldBecomeNothingAsync(site, GroupOfSecond);

        await operators.DoneAsync(operators.CancelAsync(Projections.Customers, 2));
        await ShouldBeGoneAsync(topics, GroupOfSecond);
        await operators.DoneAsync(operators.RebuildAsync(Projections.Customers));
        await operators.DoneAsync(operators.DropAsync(Projections.Customers, 1));
        await ShouldBeGoneAsync(topics, GroupOfFirst);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
    }

    /// <summary>Records of the topic cannot be changed. A superuser can change the log from which they were copied.</summary>
    [Fact]
    public async Task Verify_compares_every_event_field_of_topic_and_log()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var host = await site.StartHostAsync();
        await using var load = new MixedLoad(Clients, host.Url);
        await load.RunAsync(SomeCommands);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        var operators = new Operator(host.Url);
        (await operators.DoneAsync(operators.VerifyAsync(Projections.Customers))).Detail.ShouldNotBeNull()
            .ShouldEndWith("are those that the log makes, and the log is whole");

        await using (var change = site.Sql.CreateCommand(
            """begin; set local session_replication_role = replica; update customers.events set actor = 'somebody else' where event_id = (select min(event_id::text)::uuid from customers.events); commit"""))
            (await change.ExecuteNonQueryAsync()).ShouldBe(1);

        var verified = await operators.DoneAsync(operators.VerifyAsync(Projections.Customers));
        verified.Detail.ShouldNotBeNull().ShouldEndWith("faults of the log: 1");
        (
            await operators.SendAsync(
                HttpMethod.Get, $"operations/{verified.Id}")).Text.ShouldContain("differs from the event of the log in: actor");
    }

    [Fact]
    public async Task Another_host_completes_the_rebuild_of_a_killed_host()
    {
        await using var site = await Site.OpenAsync(servers, Transport.Kafka);
        var log = new SeededLog(site.Sql);
        log.AddMany(TestScale.Of(Events));
        await log.WriteAsync();
        var leftovers = await Leftovers.OfAsync(site);
        var (builder, other) = (await site.StartHostAsync(), await site.StartHostAsync());
        await SystemInvariants.CaughtUpAsync(site.Sql, RestWithin);

        for (var takeover = 0; takeover < TestScale.Of(Takeovers); takeover++)
        {
            // While the other host is frozen, only the host that will be killed can claim the builds.
            await other.Process.FreezeAsync();
            var operations =
                await Task.WhenAll(Projections.All.Select(projection => new Operator(builder.Url).RebuildWithFrozenHostAsync(projection)));
            await Eventually.HoldsAsync(
                SeenWithin, async () => (await BuildersAsync(site)).Count == Projections.All.Length ? null : "not both are being built");
            var claims = await BuildersAsync(site);

            await builder.Process.KillAsync();
            (await BuildersAsync(site)).ShouldBe(claims, "the builds were not done when their builder was killed");
            await other.Process.ThawAsync();
            var third = site.StartHostAsync();
            foreach (var operation in operations)
                (await new Operator(other.Url).EndAsync(operation)).State.ShouldBe("done");

            foreach (var projection in Projections.All)
            {
                var report = await new Operator(other.Url).ReportAsync(projection);
                report.Live.ShouldBe(operations.Single(operation => operation.Projection == projection).Generation);
                await new Operator(other.Url).DropAsync(projection, report.Retired.Single().Number);
            }

            (builder, other) = (other, await third);
        }

        await SystemInvariants.CaughtUpAsync(site.Sql, RestWithin);
        await ReadModels.QueryStoresShouldEqualFoldsAsync(
            site.Sql, (await WrittenLog.ReadAsync(site.Sql, "customers")).Events, (await WrittenLog.ReadAsync(site.Sql, "orders")).Events);
        await leftovers.ShouldBeGoneAsync(RestWithin);
        await Health.BecomesHealthyAsync(other.Url, RestWithin);
    }

    private static Task ShouldBeGoneAsync(Topics topics, string group) => Eventually.HoldsAsync(SeenWithin, async () =>
        (await topics.GroupsAsync()).Contains(group)
            ? $"{group} is still there, with {(await topics.MembersAsync(group)).Count} members"
            : null);

    /// <summary>The generations that are being built, with their hosts.</summary>
    private static async Task<IReadOnlyList<(string Generation, Guid Builder)>> BuildersAsync(Site site)
    {
        await using var select = site.Sql.CreateCommand(
            "select projection || ' ' || number, builder from orders_read.generations where state = 'building' and builder_until > "
                + "now() and targets is not null order by projection");
        await using var row = await select.ExecuteReaderAsync();
        var builders = new List<(string, Guid)>();
        while (await row.ReadAsync())
            builders.Add((row.GetString(0), row.GetGuid(1)));
        return builders;
    }

    /// <summary>
    /// Checks with Kafka's own tool, as an operator would: the group has committed an offset for each partition with events, and the lag
    /// is 0.
    /// </summary>
    private static Task LagShouldBecomeNothingAsync(Site site, string group) => Eventually.HoldsAsync(RestWithin, async () =>
    {
        var lags = await LagsAsync(site.Kafka, group);
        var filled = (await WrittenLog.ReadAsync(site.Sql, "customers")).Events.Select(logged => logged.Partition).Distinct();
        var lacking = filled.Where(partition => lags.GetValueOrDefault(partition, "none") != "0").ToArray();
        return lacking.Length == 0
            ? null
            : $"the lag of {group} is "
                + $"{string.Join(", ", lacking.Select(partition => $"[{partition}] {lags.GetValueOrDefault(partition, "none")}"))}";
    });

    /// <summary>The column LAG by partition; a dash where the group has committed nothing.</summary>
    private static async Task<Dictionary<int, string>> LagsAsync(string bootstrapServers, string group)
    {
        var tool = Path.Combine(Required.Kafka(), "bin", "kafka-consumer-groups.sh");
        await using var describe = await ChildProcess.StartAsync(
            [
                tool,
                "--bootstrap-server",
                bootstrapServers,
                "--describe",
                "--group",
                group
            ], Path.GetTempPath(), new Dictionary<string, string>());
        (await describe.ExitAsync(SeenWithin)).ShouldBe(0, describe.Tail(10));
        // GROUP TOPIC PARTITION CURRENT-OFFSET LOG-END-OFFSET LAG …
        return describe.Output.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > 5 && columns[0] == group)
            .ToDictionary(columns => int.Parse(columns[2], CultureInfo.InvariantCulture), columns => columns[5]);
    }
}
