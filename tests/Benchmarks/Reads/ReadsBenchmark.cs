using System.Text.Json.Nodes;
using Monolith.Benchmarks.Baselines;
using Monolith.Benchmarks.Commands;
using Monolith.Benchmarks.Join;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Reads;

/// <summary>
/// Reads per second over HTTP, one customer or one order with its customer, compared with bare handlers on the same rows and database.
/// </summary>
internal sealed class ReadsBenchmark : IBenchmark
{
    private const double GoalPart = 0.8;
    private const double P50 = 0.50;
    private const double P99 = 0.99;
    private const int MaxRows = 10_000;

    public string Name => "reads";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await SeedAsync(stage, cancellation);
        var table = new ResultTable(
            $"reads: HTTP reads a second, {ShopLoad.Connections} keep-alive connections",
            "contestant", "reads/s", "host is × of it", "p50", "p99", "CPU a read: server", "PostgreSQL", "load generator", "goal");
        await RunRouteAsync(stage, database, "customers", "customers.customers", table, cancellation);
        await RunRouteAsync(stage, database, "orders", "orders.orders", table, cancellation);
        table.Note(
            "Both read the same rows by the same statements, prepared, and write the same JSON, which is compared before anything is "
                + "measured. Nothing is written meanwhile.");
        return [table];
    }

    /// <summary>Creates customers and orders through the host for the duration of a round.</summary>
    private static async Task<Database> SeedAsync(Stage stage, CancellationToken cancellation)
    {
        Progress.Say("reads: making customers and orders");
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        await using (var host = await HostProcess.StartAsync(database, kafka: null, cancellation))
        {
            using var shop = await ShopLoad.OpenAsync(host.Url, cancellation);
            await shop.SaturateAsync(stage.Scale.Round, cancellation);
            await ReadSide.DrainAsync(database, cancellation);
        }

        await database.ExecuteAsync("vacuum analyze", cancellation);
        await database.ExecuteAsync("checkpoint", cancellation);
        return database;
    }

    private static async Task RunRouteAsync(
        Stage stage, Database database, string route, string rows, ResultTable table, CancellationToken cancellation)
    {
        var paths = await PathsAsync(database, route, rows, cancellation);
        var host = await HostProcess.StartAsync(database, kafka: null, cancellation);
        await using var ofHost =
            new Contestant($"host, GET {route}/{{id}}", database, host, host.Id, await ReadLoad.OpenAsync(host.Url, paths, cancellation));
        var bare = await BareProcess.StartAsync([BareReads.Verb, database.ConnectionString], cancellation);
        var url = new Uri(await bare.LineAsync("ready: ", cancellation));
        bare.Drain();
        await using var ofBare = new Contestant(
            $"bare handler, GET {route}/{{id}}", database, bare, bare.Id, await ReadLoad.OpenAsync(url, paths, cancellation));
        await ShouldAnswerAlikeAsync(host.Url, url, paths[0], cancellation);

        Contestant[] contestants = [ofHost, ofBare];
        foreach (var contestant in contestants)
        {
            Progress.Say($"reads: warming up {contestant.Name}");
            await contestant.WarmUpAsync(stage.Scale.WarmUp, cancellation);
        }

        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            foreach (var contestant in contestants)
                await contestant.RunRoundAsync(stage.Scale.Round, stage.PostmasterId, cancellation);
        }

        foreach (var contestant in contestants)
            AddRow(table, contestant, ofHost, ofBare);
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(
        Database database, string route, string rows, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        return [.. (await RandomIds.OfAsync(connection, rows, MaxRows, cancellation)).Select(id => $"/api/v1/{route}/{id}")];
    }

    private static async Task ShouldAnswerAlikeAsync(Uri host, Uri bare, string path, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var (ofHost, ofBare) = (
            await client.GetStringAsync(new Uri(host, path), cancellation), await client.GetStringAsync(new Uri(bare, path), cancellation));
        if (!JsonNode.DeepEquals(Normal(ofHost), Normal(ofBare)))
            throw new InvalidOperationException($"The two do not answer alike:{Environment.NewLine}{ofHost}{Environment.NewLine}{ofBare}");
    }

    /// <summary>Normalizes times: the host writes them with a Z and six fractional digits.</summary>
    private static JsonNode Normal(string json)
    {
        var document = JsonNode.Parse(json)!.AsObject();
        foreach (
            var name in document.Where(field => field.Key.EndsWith("At", StringComparison.Ordinal)).Select(field => field.Key).ToArray())
            document[name] = document[name]!.GetValue<DateTimeOffset>().UtcTicks;
        return document;
    }

    private static void AddRow(ResultTable table, Contestant contestant, Contestant host, Contestant bare)
    {
        var (server, postgres, generator) = contestant.Cpu;
        table.Add(
            contestant.Name,
            Cells.Count(contestant.Rate),
            contestant == host ? Cells.None : Cells.Ratio(host.Rate, bare.Rate),
            Cells.Milliseconds(contestant.Latency(P50)),
            Cells.Milliseconds(contestant.Latency(P99)),
            Cells.Microseconds(server),
            Cells.Microseconds(postgres),
            Cells.Microseconds(generator),
            contestant == host ? Cells.None : $"host ≥ {GoalPart:0.0} of it: {Cells.Verdict(host.Rate >= GoalPart * bare.Rate)}");
    }
}
