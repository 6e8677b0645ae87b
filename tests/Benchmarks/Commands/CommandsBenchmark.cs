using Monolith.Benchmarks.Baselines;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Commands;

/// <summary>
/// Commands per second over HTTP with running projections, compared with bare handlers that use EF Core or one Npgsql batch.
/// </summary>
internal sealed class CommandsBenchmark : IBenchmark
{
    private const double GoalRate = 2_500;
    private const double GoalPart = 0.7;
    private const double P50 = 0.50;
    private const double P99 = 0.99;

    public string Name => "commands";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        await using var host = await HostAsync(stage, cancellation);
        await using var ef = await BareAsync(stage, "bare handler, EF Core", BareShop.EntityFramework, cancellation);
        await using var batch = await BareAsync(stage, "bare handler, one Npgsql batch", BareShop.OneBatch, cancellation);
        Contestant[] contestants = [host, ef, batch];

        foreach (var contestant in contestants)
        {
            Progress.Say($"commands: warming up {contestant.Name}");
            await contestant.WarmUpAsync(stage.Scale.WarmUp, cancellation);
        }

        var behind = new List<double>();
        await ReadSide.DrainAsync(host.Database, cancellation);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                await contestant.RunRoundAsync(stage.Scale.Round, stage.PostmasterId, cancellation);
                if (contestant != host)
                    continue;
                behind.Add(await ReadSide.EventsBehindAsync(host.Database, cancellation));
                await ReadSide.DrainAsync(host.Database, cancellation);
            }
        }

        return [Table(contestants, batch, Samples.Median(behind))];
    }

    private static async Task<Contestant> HostAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        var server = await HostProcess.StartAsync(database, kafka: null, cancellation);
        return new Contestant("host", database, server, server.Id, await ShopLoad.OpenAsync(server.Url, cancellation));
    }

    private static async Task<Contestant> BareAsync(Stage stage, string name, string how, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await BareSchema.CreateAsync(database, cancellation);
        var server = await BareProcess.StartAsync([BareShop.Verb, how, database.ConnectionString], cancellation);
        var url = new Uri(await server.LineAsync("ready: ", cancellation));
        server.Drain();
        return new Contestant(name, database, server, server.Id, await ShopLoad.OpenAsync(url, cancellation));
    }

    private static ResultTable Table(IReadOnlyList<Contestant> contestants, Contestant batch, double behind)
    {
        var host = contestants[0];
        var table = new ResultTable(
            $"commands: HTTP commands a second, {ShopLoad.Connections} keep-alive connections, in-process transport",
            "contestant", "commands/s", "host is × of it", "p50", "p99", "CPU a command: server", "PostgreSQL", "load generator", "goal");
        foreach (var contestant in contestants)
        {
            var (server, postgres, generator) = contestant.Cpu;
            table.Add(
                contestant.Name,
                Cells.Count(contestant.Rate),
                contestant == host ? Cells.None : Cells.Ratio(host.Rate, contestant.Rate),
                Cells.Milliseconds(contestant.Latency(P50)),
                Cells.Milliseconds(contestant.Latency(P99)),
                Cells.Microseconds(server),
                Cells.Microseconds(postgres),
                Cells.Microseconds(generator),
                contestant == host ? Cells.AtLeast(GoalRate, host.Rate)
                : contestant == batch ? $"host ≥ {GoalPart:0.0} of it: {Cells.Verdict(host.Rate >= GoalPart * batch.Rate)}"
                : Cells.None);
        }

        table.Note(
            $"Mix: {ShopClient.Mix}. The host's rounds include both projections (orders.customers, orders.summaries); at the end of a "
                + $"round they were {Cells.Count(behind)} events behind (median), and caught up before the next began.");
        return table;
    }
}
