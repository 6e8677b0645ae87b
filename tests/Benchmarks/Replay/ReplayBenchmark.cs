using System.Globalization;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;

namespace Monolith.Benchmarks.Replay;

/// <summary>
/// Events per second of a rebuild of Orders' customer view that the admin API of a running host starts, compared with a hand-written loop
/// and a consumer that only counts.
/// </summary>
internal sealed class ReplayBenchmark : IBenchmark
{
    private const string HostTopic = "customers.events";
    private const double InProcessGoal = 150_000;
    private const double KafkaGoal = 100_000;
    private const double LeastRatio = 0.6;

    private static readonly Shape[] Shapes = [new(10, Zipf: true), new(1)];

    public string Name => "replay";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var table = new ResultTable(
            $"replay: a rebuild of Orders' customer view from {Cells.Count(stage.Scale.Replayed)} events",
            "path", "host, events/s", "hand-written loop, events/s", "ratio", "bare consumer that counts, events/s", "ratio", "goal");
        foreach (var shape in Shapes)
            await RunShapeAsync(stage, shape, table, cancellation);
        table.Note(
            "The host's time is that of the operation: from the request until the new generation is live, with what it waits for to be "
                + "promoted. Before a figure counts, the host's rows are compared with the loop's, row by row.");
        return [table];
    }

    private static async Task RunShapeAsync(Stage stage, Shape shape, ResultTable table, CancellationToken cancellation)
    {
        var broker = await stage.KafkaAsync(cancellation);
        await HostReplay.DeleteTopicAsync(broker, cancellation);
        var database = await stage.NewDatabaseAsync(cancellation);
        Progress.Say($"replay, {shape}: seeding {Cells.Count(stage.Scale.Replayed)} events");
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, stage.Scale.Replayed, shape).FillAsync(cancellation);
        await database.ExecuteAsync(
            $"{BareReadModel.CreateSql} create table {BareLogReader.Log} (like customers.events including all); insert into "
                + $"{BareLogReader.Log} select * from customers.events",
            cancellation);
        await database.ExecuteAsync($"vacuum analyze {BareLogReader.Log}", cancellation);

        await RunPathAsync(stage, database, shape, null, broker, table, cancellation);
        await RunPathAsync(stage, database, shape, broker, broker, table, cancellation);
    }

    private static async Task RunPathAsync(
        Stage stage, Database database, Shape shape, string? kafka, string broker, ResultTable table, CancellationToken cancellation)
    {
        var events = stage.Scale.Replayed;
        var path = kafka is null ? "in-process" : "Kafka";
        var (ours, loops, counts) = (new List<double>(), new List<double>(), new List<double>());
        await using var host = await HostProcess.StartAsync(database, kafka, cancellation);
        using var rebuild = new HostRebuild(host);
        await rebuild.BuiltAsync(cancellation);
        if (kafka is not null)
            await FilledAsync(stage, database, broker, cancellation);
        // A warm-up: both sides are compiled before they are measured.
        await rebuild.RunAsync(cancellation);
        for (var round = 0; round < stage.Scale.Rounds; round++)
        {
            ours.Add(await rebuild.RunAsync(cancellation));
            loops.Add(await BareAsync(database, kafka is null ? BareRebuild.FromLog : BareRebuild.FromTopic, broker, events, cancellation));
            await CatchUpBenchmark.CompareAsync(database, cancellation);
            if (kafka is not null)
                counts.Add(await BareAsync(database, BareRebuild.Count, broker, events, cancellation));
            Progress.Say(
                $"replay, {path}, {shape}: host {Cells.Count(events / ours[^1])} events/s, loop {Cells.Count(events / loops[^1])} "
                    + "events/s");
        }

        var (figure, loop) = (events / Samples.Median(ours), events / Samples.Median(loops));
        var count = counts.Count == 0 ? double.NaN : events / Samples.Median(counts);
        table.Add(
            $"{path}, {shape}", Cells.Count(figure), Cells.Count(loop), Cells.Ratio(figure, loop),
            double.IsNaN(count) ? Cells.None : Cells.Count(count), double.IsNaN(count) ? Cells.None : Cells.Ratio(figure, count),
            $"{Cells.AtLeast(kafka is null ? InProcessGoal : KafkaGoal, figure)}; "
                + $"{RatioGoal(figure, loop)}{(double.IsNaN(count) ? "" : $"; {RatioGoal(figure, count)} (counts)")}");
    }

    private static string RatioGoal(double figure, double baseline) =>
        string.Create(CultureInfo.InvariantCulture, $"≥ {LeastRatio:0.00}: {Cells.Verdict(figure >= baseline * LeastRatio)}");

    private static async Task FilledAsync(Stage stage, Database database, string broker, CancellationToken cancellation)
    {
        // When the counter reaches the head, the relay has filled the topic.
        Progress.Say("replay: the relay fills the topic");
        await BareAsync(database, BareRebuild.Count, broker, stage.Scale.Replayed, cancellation);
    }

    private static async Task<double> BareAsync(Database database, string what, string broker, int events, CancellationToken cancellation)
    {
        await using var process = await BareProcess.StartAsync(
            [
                BareRebuild.Verb,
                what,
                database.ConnectionString,
                broker,
                HostTopic,
                events.ToString(CultureInfo.InvariantCulture)
            ], cancellation);
        var seconds = double.Parse(await process.LineAsync(BareReplay.SecondsWord, cancellation), CultureInfo.InvariantCulture);
        await process.ExitAsync(cancellation);
        return seconds;
    }
}
