using System.Diagnostics;
using System.Globalization;
using Monolith.Benchmarks.Replay;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Analytics;

/// <summary>
/// Analytics in the whole host (rebuild from the log, reports and exports over HTTP), compared with an appender loop, plain SQL and a bare
/// export in a separate process.
/// </summary>
internal sealed class AnalyticsBenchmark : IBenchmark
{
    private const string Projection = "analytics.orders";
    private const int Repetitions = 15;
    private const double RowsGoal = 500_000;
    private const double ReportGoalMilliseconds = 200;

    private static readonly string[] Exports = ["order-lines", "orders", "events"];

    public string Name => "analytics";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        var seed = new OrdersSeed(database, stage.Scale.OrderLines);
        Progress.Say($"analytics: seeding {Cells.Count(seed.Orders)} orders");
        await seed.FillAsync(cancellation);
        // One side at a time: each uses all processors.
        var bare = await BareAsync(stage, seed, cancellation);

        await using var host = await HostProcess.StartWithAsync(database, "Analytics", stage.Below("analytics"), cancellation);
        using var rebuild = new HostRebuild(host, Projection);
        await rebuild.BuiltAsync(cancellation);
        using var customers = new HostRebuild(host, "analytics.customers");
        await customers.BuiltAsync(cancellation);
        using var client = new HttpClient { BaseAddress = new Uri(host.Url, "api/v1/analytics/") };
        return
        [
            await RebuildAsync(stage, host, rebuild, seed, bare["append"], cancellation),
            await ReportsAsync(client, stage.Scale, bare, cancellation),
            await ExportsAsync(stage, host, client, seed, bare["export"], cancellation),
        ];
    }

    private static async Task<ResultTable> RebuildAsync(
        Stage stage, HostProcess host, HostRebuild rebuild, OrdersSeed seed, double bare, CancellationToken cancellation)
    {
        var rows = (double)stage.Scale.OrderLines + seed.Orders + seed.Events;
        var seconds = new List<double>();
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            seconds.Add(await rebuild.RunAsync(cancellation));
            Progress.Say($"analytics, rebuild: {Cells.Count(rows / seconds[^1])} rows/s");
        }

        var figure = rows / Samples.Median(seconds);
        var table = new ResultTable(
            $"analytics: a rebuild of {Projection}, {Cells.Count(rows)} rows of {Cells.Count(seed.Events)} events",
            "host, rows/s",
            "bare appender, rows/s",
            "ratio",
            "most resident memory",
            "goal");
        table.Add(
            Cells.Count(figure),
            Cells.Count(rows / bare),
            Cells.Ratio(figure, rows / bare),
            Megabytes(host),
            Cells.AtLeast(RowsGoal, figure));
        table.Note(
            "Rows are the lines of all three tables. The appender makes its rows on the spot: it reads no log, decodes nothing and "
                + "folds nothing.");
        return table;
    }

    private static async Task<ResultTable> ReportsAsync(
        HttpClient client, Scale scale, Dictionary<string, double> bare, CancellationToken cancellation)
    {
        var table = new ResultTable(
            $"analytics: reports over {Cells.Count(scale.OrderLines)} order lines, over HTTP",
            "report",
            "host, p50",
            "bare SQL, p50",
            "ratio",
            "goal");
        foreach (var report in BareAnalytics.Reports.Keys)
        {
            var seconds = new List<double>();
            for (var i = 0; i <= Repetitions; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer =
                    await client.GetAsync(new Uri(report, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null, cancellation);
                if (i > 0)
                    seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            var median = Samples.Median(seconds);
            table.Add(
                report,
                Cells.Milliseconds(median),
                Cells.Milliseconds(bare[report]),
                Cells.Ratio(median, bare[report]),
                Cells.AtMost(ReportGoalMilliseconds, median));
            Progress.Say($"analytics, {report}: {Cells.Milliseconds(median)}");
        }

        table.Note(
            "The bare SQL of cohorts is its largest part alone; of a report by customer the host also writes a line for each of them as "
                + "JSON.");
        return table;
    }

    private static async Task<ResultTable> ExportsAsync(
        Stage stage, HostProcess host, HttpClient client, OrdersSeed seed, double bare, CancellationToken cancellation)
    {
        var table = new ResultTable(
            "analytics: exports over HTTP",
            "export",
            "host, rows/s",
            "bare copy of order lines, rows/s",
            "ratio",
            "most resident memory",
            "goal");
        foreach (var export in Exports)
        {
            var rows = export switch
            {
                "order-lines" => stage.Scale.OrderLines,
                "orders" => seed.Orders,
                _ => seed.Events + Math.Max(1, seed.Orders / 5),
            };
            var seconds = new List<double>();
            for (var round = 0; round < stage.Scale.Rounds; round++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(
                    new Uri($"exports/{export}.parquet", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
                answer.EnsureSuccessStatusCode();
                await answer.Content.CopyToAsync(Stream.Null, cancellation);
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            }

            var figure = rows / Samples.Median(seconds);
            table.Add(
                export,
                Cells.Count(figure),
                Cells.Count(stage.Scale.OrderLines / bare),
                Cells.Ratio(figure, stage.Scale.OrderLines / bare),
                Megabytes(host),
                Cells.AtLeast(RowsGoal, figure));
            Progress.Say($"analytics, {export}: {Cells.Count(figure)} rows/s");
        }

        return table;
    }

    private static async Task<Dictionary<string, double>> BareAsync(Stage stage, OrdersSeed seed, CancellationToken cancellation)
    {
        Progress.Say("analytics: the baselines");
        var folder = Directory.CreateTempSubdirectory("monolith-bench-bare-");
        try
        {
            string[] arguments =
            [
                BareAnalytics.Verb,
                folder.FullName,
                .. new[] { seed.Orders, OrdersSeed.LinesOfEach, stage.Scale.Rounds }
                .Select(number => number.ToString(CultureInfo.InvariantCulture))
            ];
            await using var process = await BareProcess.StartAsync(arguments, cancellation);
            var found = new Dictionary<string, double>();
            for (var i = 0; i < BareAnalytics.Reports.Count + 2; i++)
            {
                var line = (await process.LineAsync(BareAnalytics.Word, cancellation)).Split(' ');
                found.Add(line[0], double.Parse(line[1], CultureInfo.InvariantCulture));
            }

            await process.ExitAsync(cancellation);
            return found;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Megabytes(HostProcess host) => string.Create(CultureInfo.InvariantCulture, $"{host.PeakMegabytes():0} MB");
}
