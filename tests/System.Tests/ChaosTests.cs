using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Monolith.System.Tests.Hosting;
using Monolith.System.Tests.Load;
using Monolith.System.Tests.Rebuilds;
using Monolith.System.Tests.Verification;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.System.Tests;

/// <summary><c>./run --kafka</c> under faults of all kinds at random moments, with clients that retry.</summary>
[Collection("Chaos")]
[Trait("Category", "System")]
public sealed class ChaosTests
{
    private const int Clients = 6;
    private const int CommandsAround = 100;

    private static readonly TimeSpan Duration = TestScale.IsLong ? TimeSpan.FromMinutes(15) : TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LongestFreeze = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(120);

    private static readonly string[] ProjectionNames =
        ["analytics.customers", "analytics.orders", "orders.customers", "orders.summaries", "search.customers", "search.orders"];

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private enum Fault
    {
        KillAll,
        KillPostgres,
        KillKafka,
        FreezeHost,
    }

    [Fact]
    public async Task Random_faults_lose_and_repeat_nothing()
    {
        Required.Kafka();
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        using var folder = new TemporaryFolder();
        await using var faults = new Faults(folder.Path, new Random(seed));
        await faults.StartAsync();
        await using var load = new RetryingLoad(Clients, faults.Host, seed);
        load.Start();
        await load.AnsweredAsync(CommandsAround, RecoveredWithin);

        await faults.InjectAsync(Duration);

        await load.AnsweredAsync(CommandsAround, RecoveredWithin);
        await load.StopAsync(RecoveredWithin);
        load.Journal.Unknown.ShouldBeEmpty();
        load.Repeats.Retries.ShouldBeGreaterThan(0);
        await Health.BecomesHealthyAsync(faults.Host, RecoveredWithin);
        await using var site = new Site(faults.Postgres, faults.Kafka);
        await SystemInvariants.ShouldHoldAsync(site, load.Journal);
        await ProjectionsShouldVerifyAsync(faults.Host);
        await ReportsShouldEqualLogAsync(site, faults.Host);
        await SearchShouldFindAsync(site, faults.Host, new Random(seed));
    }

    private static async Task ProjectionsShouldVerifyAsync(Uri host)
    {
        var operators = new Operator(host);
        var list = await operators.SendAsync(HttpMethod.Get, "projections");
        var names = list.Json["items"]!.AsArray().Select(item => (string)item!["name"]!).ToArray();
        names.Order(StringComparer.Ordinal).ShouldBe(ProjectionNames);
        foreach (var name in names)
        {
            var verified = await operators.DoneAsync(operators.VerifyAsync(name));
            verified.Detail.ShouldNotBeNull().ShouldEndWith($"rows of {name} are those that the log makes, and the log is whole");
        }
    }

    /// <summary>Compares the revenue by country with the tests' own fold of the log.</summary>
    private static async Task ReportsShouldEqualLogAsync(Site site, Uri host)
    {
        var orders = OrderState.Fold((await WrittenLog.ReadAsync(site.Sql, "orders")).Events).Values;
        var expected = orders.Where(order => order.Status != "cancelled").GroupBy(order => order.Currency)
            .Select(group => FormattableString.Invariant($"FR {group.Key} {group.Sum(order => order.Total):0.####} {group.Count()}"));

        var report = await Http.GetFromJsonAsync<JsonElement>(new Uri(host, "api/v1/analytics/revenue?by=country"));

        report.GetProperty("rows").EnumerateArray().Select(RowOf).ShouldBe(expected, ignoreOrder: true);
    }

    private static string RowOf(JsonElement row)
    {
        var (revenue, orders) = (row.GetProperty("revenue").GetDecimal(), row.GetProperty("orders").GetInt32());
        return FormattableString.Invariant($"{row.GetProperty("country")} {row.GetProperty("currency")} {revenue:0.####} {orders}");
    }

    private static async Task SearchShouldFindAsync(Site site, Uri host, Random random)
    {
        const int Samples = 20;
        var customers = CustomerState.Fold((await WrittenLog.ReadAsync(site.Sql, "customers")).Events).Values.ToArray();
        foreach (var customer in random.GetItems(customers, Samples))
        {
            var query = $"api/v1/search/customers?q={Uri.EscapeDataString(customer.Username)}&status={customer.Status}";
            var found = (await Http.GetFromJsonAsync<JsonElement>(new Uri(host, query))).GetProperty("items").EnumerateArray();
            found.Select(item => item.GetProperty("id").GetGuid()).ShouldContain(customer.Id, customer.ToString());
        }
    }

    /// <summary><c>./run --kafka</c> and the faults that are injected into it.</summary>
    private sealed class Faults(string folder, Random random) : IAsyncDisposable
    {
        private readonly string port = FreeAddress.Port().ToString(CultureInfo.InvariantCulture);
        private LocalRun? run;

        public Uri Host => new($"http://127.0.0.1:{port}");

        public string Postgres => Running.Postgres;

        public string Kafka => Running.Kafka;

        private LocalRun Running => run ?? throw new InvalidOperationException("It was not started.");

        public async Task StartAsync()
        {
            run = await LocalRun.LaunchAsync(folder, "local", "--port", port, "--kafka");
            await run.ReadyAsync();
        }

        /// <summary>Injects faults of all kinds, in random order and at random moments, for a minimum time.</summary>
        public async Task InjectAsync(TimeSpan duration)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < duration)
            {
                var kinds = Enum.GetValues<Fault>();
                random.Shuffle(kinds);
                foreach (var kind in kinds)
                {
                    await RandomMoment.Within(LongestPause, random);
                    TestContext.Current.TestOutputHelper?.WriteLine($"{clock.Elapsed.TotalSeconds:0.0} s: {kind}");
                    await InjectAsync(kind);
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (run is not null)
                await run.DisposeAsync();
        }

        private Task InjectAsync(Fault fault) => fault switch
        {
            Fault.KillAll => KillAllAsync(),
            Fault.KillPostgres => KillAsync(() => Running.PostgresId),
            Fault.KillKafka => KillAsync(() => Running.KafkaId),
            _ => FreezeAsync(),
        };

        private async Task KillAllAsync()
        {
            await Running.KillAllAsync();
            await Running.DisposeAsync();
            run = await LocalRun.LaunchAsync(folder, "local", "--port", port, "--kafka");
            if (random.Next(3) == 0)
            {
                // Kills it again during its start.
                await RandomMoment.Within(LongestPause, random);
                await Running.KillAllAsync();
                await Running.DisposeAsync();
                run = await LocalRun.LaunchAsync(folder, "local", "--port", port, "--kafka");
            }

            await run.ReadyAsync();
        }

        private static async Task KillAsync(Func<int> server)
        {
            // A server has no process id while it restarts.
            var id = 0;
            await Eventually.HoldsAsync(RecoveredWithin, "the server runs", () => ProcessTree.IsAlive(id = server()));
            await ChildProcess.SignalAsync(id, "KILL");
        }

        private async Task FreezeAsync()
        {
            await Running.Process.FreezeAsync();
            await RandomMoment.Within(LongestFreeze, random);
            await Running.Process.ThawAsync();
        }
    }
}
