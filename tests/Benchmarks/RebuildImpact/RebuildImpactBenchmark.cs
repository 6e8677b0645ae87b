using System.Diagnostics;
using System.Globalization;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;
using Monolith.Benchmarks.Visible;

namespace Monolith.Benchmarks.RebuildImpact;

/// <summary>
/// The effect of rebuilds on freshness: the time from commit to visible under a steady load, alternately with and without consecutive
/// rebuilds of the same read model.
/// </summary>
internal sealed class RebuildImpactBenchmark : IBenchmark
{
    private const double PartOfCapacity = 0.5;
    private const double MaxTimes = 2;
    private const double P50 = 0.50;
    private const double P99 = 0.99;

    private static readonly Shape TenEach = new(10);

    public string Name => "beside";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var table = new ResultTable(
            "beside: from the HTTP answer until the row is visible, with and without a rebuild of Orders' customer view "
                + $"({Cells.Count(stage.Scale.Replayed)} events) in progress",
            "path", "commands/s", "baseline: p50", "p99", "with rebuilds: p50", "p99", "p99 ÷ baseline", "rebuilds, each", "goal");
        await MeasureAsync(stage, "in-process", null, table, cancellation);
        var broker = await stage.KafkaAsync(cancellation);
        await HostReplay.DeleteTopicAsync(broker, cancellation);
        await MeasureAsync(stage, "Kafka", broker, table, cancellation);
        table.Note(
            "Rounds without rebuilds (baseline) and with rebuilds alternate on the same host. Percentiles are medians of the rounds. The "
                + "admin API starts the next rebuild when the previous one is live. The load continues until the last of a round is live.");
        return [table];
    }

    private static async Task MeasureAsync(Stage stage, string path, string? kafka, ResultTable table, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        Progress.Say($"beside, {path}: seeding {Cells.Count(stage.Scale.Replayed)} events");
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, stage.Scale.Replayed, TenEach).FillAsync(cancellation);
        var host = await HostProcess.StartAsync(database, kafka, cancellation);
        await using var shop =
            new WatchedShop(path, database, "orders_read.customers", "customer_id", host, await ShopLoad.OpenAsync(host.Url, cancellation));
        using var rebuild = new HostRebuild(host);
        await rebuild.BuiltAsync(cancellation);

        // A warm-up: the code is compiled before it is measured.
        await rebuild.RunAsync(cancellation);
        await shop.SaturateAsync(stage.Scale.WarmUp, cancellation);
        var rate = (await shop.SaturateAsync(stage.Scale.Round, cancellation)).Rate * PartOfCapacity;
        var (baseline, beside, rebuilds) = (new Sightings(), new Sightings(), new List<double>());
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            await shop.RunRoundAsync(rate, stage.Scale.Round, beside: null, $"{path}, baseline", baseline, cancellation);
            var rebuilding = RebuildAsync(rebuild, rebuilds, stage.Scale.Round, cancellation);
            await shop.RunRoundAsync(rate, stage.Scale.Round, rebuilding, $"{path}, beside rebuilds", beside, cancellation);
            await rebuilding;
        }

        var times = beside.Delay(P99) / baseline.Delay(P99);
        table.Add(
            path, Cells.Count(beside.Rate), Cells.Milliseconds(baseline.Delay(P50)), Cells.Milliseconds(baseline.Delay(P99)),
            Cells.Milliseconds(beside.Delay(P50)), Cells.Milliseconds(beside.Delay(P99)),
            Cells.Ratio(beside.Delay(P99), baseline.Delay(P99)), string.Create(
                CultureInfo.InvariantCulture,
                $"{Samples.Median(rebuilds):0.0} s"), $"≤ {MaxTimes:0} ×: {Cells.Verdict(times <= MaxTimes)}");
    }

    private static async Task RebuildAsync(HostRebuild rebuild, List<double> took, TimeSpan atLeast, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < atLeast)
            took.Add(await rebuild.RunAsync(cancellation));
    }
}
