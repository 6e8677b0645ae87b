using System.Net.Sockets;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;
using Npgsql;

namespace Monolith.System.Tests.Rebuilds;

[Trait("Category", "System")]
public sealed class RebuildKillTests(Servers servers)
{
    private const int Kills = 30;
    private const int KillsWithKafka = 25;
    private const int Events = 150_000;
    private const int EventsBetweenKills = 50;
    private static readonly TimeSpan LatestKill = TimeSpan.FromSeconds(1.5);

    private static readonly KillMoment[] Moments = Enum.GetValues<KillMoment>();
    private static readonly TimeSpan RestWithin = TimeSpan.FromSeconds(90);

    [Theory, InlineData(Transport.Embedded, Kills), InlineData(Transport.Kafka, KillsWithKafka)]
    public async Task Rebuild_completes_and_leaves_nothing_behind_after_host_kills(Transport transport, int kills)
    {
        var seed = TestSeed.Next();
        Show(TestSeed.Shown(seed));
        var random = new Random(seed);
        await using var site = await Site.OpenAsync(servers, transport);
        var leftovers = await Leftovers.OfAsync(site);
        var log = new SeededLog(site.Sql);
        var customer = log.AddCustomer();
        log.AddMany(TestScale.Of(Events));
        await log.WriteAsync();
        var host = await site.StartHostAsync();
        await SystemInvariants.CaughtUpAsync(site.Sql, RestWithin);

        var hit = new HashSet<KillMoment>();
        for (var kill = 0; kill < TestScale.Of(kills); kill++)
        {
            var (moment, projection) = (Moments[kill % Moments.Length], Projections.All[random.Next(Projections.All.Length)]);
            if (moment == KillMoment.Any)
                await KillAnywhereAsync(host, random);
            else
                await new SteeredKill(site, host, projection).InAsync(moment, customer, random);
            Show($"kill {kill}: {moment}{(moment == KillMoment.Any ? "" : $" of {projection}")}");
            hit.Add(moment);
            log.AddMany(EventsBetweenKills);
            await log.WriteAsync();
            host = await site.StartHostAsync(host.Url);
        }

        hit.ShouldBe(Moments, ignoreOrder: true);
        await Eventually.HoldsAsync(RestWithin, () => StillMovingAsync(new Operator(host.Url)));
        await SystemInvariants.CaughtUpAsync(site.Sql, RestWithin);
        await RowsShouldBeRightAsync(site);
        await leftovers.ShouldBeGoneAsync(RestWithin);
        await Health.BecomesAsync(host.Url, RestWithin, health => health.Faults.All(fault => fault.Value.Status == "degraded"));
    }

    private static void Show(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    /// <summary>Requests an operation that fits the state of the projection. The host may be killed before it answers.</summary>
    private static async Task AskAsync(Operator operators, string projection, int chance)
    {
        try
        {
            var report = await operators.ReportAsync(projection);
            Show($"{chance}: {report}");
            (HttpMethod Method, string Route, string? Body)? chosen =
                (report.UnderWay.FirstOrDefault(), report.Retired.FirstOrDefault()) switch
            {
                ({ State: "ready" } ready, _) when chance < 60 => (HttpMethod.Post, $"generations/{ready.Number}/promote", null),
                ({ } next, _) when chance < 80 => (HttpMethod.Post, $"generations/{next.Number}/cancel", null),
                (null, { } retired) when chance < 25 => (HttpMethod.Delete, $"generations/{retired.Number}", null),
                (null, not null) when chance < 50 => (HttpMethod.Post, "rollback", null),
                (null, _) => (HttpMethod.Post, "rebuild", chance < 65 ? """{"promote":"manual"}""" : "{}"),
                _ => null,
            };
            if (chosen is not { } request)
                return;
            // The state may have changed since the report. Then the request is refused.
            var answer = await operators.SendAsync(request.Method, $"projections/{projection}/{request.Route}", request.Body);
            answer.Status.ShouldBeOneOf([202, 409], answer.Text);
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            // The host was killed before it answered.
        }
    }

    private static async Task KillAnywhereAsync(HostProcess host, Random random)
    {
        var requests = Projections.All.Select(projection => AskAsync(new Operator(host.Url), projection, random.Next(100))).ToArray();
        await RandomMoment.Within(LatestKill, random);
        await host.Process.KillAsync();
        await Task.WhenAll(requests);
    }

    private static async Task<string?> StillMovingAsync(Operator operators)
    {
        foreach (var projection in Projections.All)
        {
            var report = await operators.ReportAsync(projection);
            if (report.Generations.Any(generation => generation.State == "building"))
                return report.ToString();
        }

        return null;
    }

    // The live rows match the log. A generation that waits for promotion has the same rows.
    private static async Task RowsShouldBeRightAsync(Site site)
    {
        var (customers, orders) = (await WrittenLog.ReadAsync(site.Sql, "customers"), await WrittenLog.ReadAsync(site.Sql, "orders"));
        await ReadModels.QueryStoresShouldEqualFoldsAsync(site.Sql, customers.Events, orders.Events);
        foreach (var (view, waiting) in await WaitingAsync(site.Sql))
        {
            await Eventually.HoldsAsync(RestWithin, async () =>
            {
                await using var count = site.Sql.CreateCommand(
                    $"select count(*) from (select row(t.*)::text from orders_read.{waiting} t except select row(v.*)::text from "
                        + $"orders_read.{view} v union all (select row(v.*)::text from orders_read.{view} v except select "
                        + $"row(t.*)::text from orders_read.{waiting} t)) d");
                return (long)(await count.ExecuteScalarAsync())! is > 0 and var different
                    ? $"{different} rows of {waiting} differ from those of {view}"
                    : null;
            });
        }
    }

    private static async Task<IReadOnlyList<(string View, string Table)>> WaitingAsync(NpgsqlDataSource database)
    {
        var waiting = new List<(string, string)>();
        await using var select = database.CreateCommand(
            "select split_part(projection, '.', 2), split_part(projection, '.', 2) || '_g' || number from orders_read.generations where "
                + "state = 'ready'");
        await using var row = await select.ExecuteReaderAsync();
        while (await row.ReadAsync())
            waiting.Add((row.GetString(0), row.GetString(1)));
        return waiting;
    }
}
