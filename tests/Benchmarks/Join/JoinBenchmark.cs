using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Monolith.Benchmarks.Shop;

namespace Monolith.Benchmarks.Join;

/// <summary>
/// Compares the former design, a materialized view that joins orders with customers and is refreshed concurrently, with Orders' own view.
/// </summary>
internal sealed class JoinBenchmark : IBenchmark
{
    private const double P50 = 0.50;
    private const double P99 = 0.99;

    public string Name => "join";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var table = new ResultTable("join: an order with its customer", "figure", "Orders' own view", "materialized view", "ratio");
        foreach (var size in stage.Scale.Customers)
            await RunSizeAsync(stage, size, table, cancellation);

        table.Note(
            "Freshness: from the answer to a change of a customer's name until a query shows it. For the own view through the whole "
                + "host, over HTTP; for the materialized view the time of a refresh that starts at that moment, which is its best case: "
                + "while one runs back to back, a change waits for up to two.");
        table.Note(
            "Cost of one change: for the own view the statement of its projection with its checkpoint, one row; for the materialized "
                + "view one concurrent refresh, which costs the same for one change as for many.");
        return [table];
    }

    private static async Task RunSizeAsync(Stage stage, int size, ResultTable table, CancellationToken cancellation)
    {
        Progress.Say($"join: seeding {Cells.Count(size)} customers and as many orders");
        var database = await stage.NewDatabaseAsync(cancellation);
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, size, new Shape(1)).FillAsync(cancellation);
        await JoinSchema.FillAsync(database, cancellation);
        await using var host = await HostProcess.StartAsync(database, kafka: null, cancellation);
        await ReadSide.DrainAsync(database, cancellation);
        await database.ExecuteAsync("vacuum analyze", cancellation);
        await database.ExecuteAsync("checkpoint", cancellation);

        using var http = await KeepAliveConnection.OpenAsync(host.Url, cancellation);
        await using var own = await OwnView.OpenAsync(database, http, stage, cancellation);
        await using var materialized = await MaterializedView.OpenAsync(database, stage, cancellation);
        await own.WarmUpAsync(stage.Scale, cancellation);
        await materialized.WarmUpAsync(stage.Scale, cancellation);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            await own.RunRoundAsync(stage.Scale, cancellation);
            await materialized.RunRoundAsync(stage.Scale, cancellation);
            Progress.Say(
                $"join, {Cells.Count(size)} customers: own view fresh after {Cells.Milliseconds(Samples.Median(own.Freshness))}, "
                    + $"materialized after {Cells.Milliseconds(Samples.Median(materialized.Freshness))}");
        }

        AddRows(table, $"{Cells.Count(size)} customers", own, materialized);
    }

    private static void AddRows(ResultTable table, string size, OwnView own, MaterializedView materialized)
    {
        Add(table, $"{size}: freshness, median", Samples.Median(own.Freshness), Samples.Median(materialized.Freshness), Cells.Milliseconds);
        Add(
            table,
            $"{size}: one change, time",
            Samples.Median(own.ChangeSeconds),
            Samples.Median(materialized.Freshness),
            Cells.Milliseconds);
        Add(
            table,
            $"{size}: one change, CPU of PostgreSQL",
            Samples.Median(own.ChangeCpu),
            Samples.Median(materialized.ChangeCpu),
            Cells.Milliseconds);
        Add(table, $"{size}: one change, bytes of WAL", Samples.Median(own.ChangeWal), Samples.Median(materialized.ChangeWal), Cells.Count);
        Add(table, $"{size}: query of one order, p50", own.Query.At(P50), materialized.Query.At(P50), Cells.Milliseconds);
        Add(table, $"{size}: query of one order, p99", own.Query.At(P99), materialized.Query.At(P99), Cells.Milliseconds);
    }

    private static void Add(ResultTable table, string figure, double own, double materialized, Func<double, string> cell) =>
        table.Add(figure, cell(own), cell(materialized), Cells.Ratio(own, materialized));
}
