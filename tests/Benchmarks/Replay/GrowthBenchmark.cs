using System.Diagnostics;
using System.Globalization;
using Monolith.Benchmarks.CatchUp;
using Monolith.Benchmarks.Reporting;
using Monolith.Benchmarks.Running;
using Npgsql;

namespace Monolith.Benchmarks.Replay;

/// <summary>
/// A rebuild from logs of increasing size: time must grow linearly, memory and the cost of an append must stay constant.
/// </summary>
internal sealed class GrowthBenchmark : IBenchmark
{
    private const int AppendedFirst = 500;
    private const int Appended = 1_000;
    private const int RoundsOfAppends = 5;
    private const int RebuildsOfEach = 5;
    private const double MaxMegabytes = 512;

    /// <summary>Relative to the time per event in the smallest log; a rebuild has a fixed cost in addition.</summary>
    private const double MaxTime = 1.15;

    /// <summary>Relative to the appends to the smallest log.</summary>
    private const double LeastAppends = 0.85;

    private static readonly Shape TenEach = new(10);

    public string Name => "growth";

    public async Task<IReadOnlyList<ResultTable>> RunAsync(Stage stage, CancellationToken cancellation)
    {
        var table = new ResultTable(
            "growth: a rebuild of Orders' customer view, in-process, 10 events a customer",
            "events in the log", "rebuild", "events/s", "time an event, × that of the smallest", "most resident memory of the host",
            "appends/s, one connection", "goals");
        var (smallest, fewest) = (double.NaN, double.NaN);
        foreach (var events in stage.Scale.Growth)
        {
            var (seconds, megabytes, appends) = await MeasureAsync(stage, events, cancellation);
            (smallest, fewest) = double.IsNaN(smallest) ? (seconds / events, appends) : (smallest, fewest);
            table.Add(
                Cells.Count(events), string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seconds:0.0} s"), Cells.Count(events / seconds), Cells.Ratio(seconds / events, smallest),
                string.Create(CultureInfo.InvariantCulture, $"{megabytes:0} MB"), Cells.Count(appends),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"time ≤ {MaxTime:0.00}: {Cells.Verdict(seconds / events <= smallest * MaxTime)}; < {MaxMegabytes:0} MB: "
                        + $"{Cells.Verdict(megabytes < MaxMegabytes)}; appends ≥ {LeastAppends:0.00}: "
                        + $"{Cells.Verdict(appends >= fewest * LeastAppends)}"));
        }

        table.Note(
            $"The rebuild is the median of {RebuildsOfEach}; memory is the most that the process ever had (VmHWM), its first build and "
                + "all rebuilds included. Appends are single events by the log's trigger, each its own transaction, as the module's "
                + $"role does it, one after the other: the median of {RoundsOfAppends} rounds of {Cells.Count(Appended)}, after a vacuum.");
        return [table];
    }

    private static async Task<(double Seconds, double Megabytes, double Appends)> MeasureAsync(
        Stage stage, int events, CancellationToken cancellation)
    {
        var database = await stage.NewDatabaseAsync(cancellation);
        Progress.Say($"growth: seeding {Cells.Count(events)} events");
        await HostProcess.MigrateAsync(database, cancellation);
        await new LogSeed(database, events, TenEach).FillAsync(cancellation);
        // Otherwise the server would do it in the background during the measurement.
        await database.ExecuteAsync("vacuum analyze customers.events", cancellation);
        await database.ExecuteAsync("checkpoint", cancellation);
        var appends = await AppendAsync(database, cancellation);

        await using var host = await HostProcess.StartAsync(database, kafka: null, cancellation);
        using var rebuild = new HostRebuild(host);
        await rebuild.BuiltAsync(cancellation);
        var seconds = new List<double>();
        for (var i = 0; i < RebuildsOfEach; i++)
        {
            seconds.Add(await rebuild.RunAsync(cancellation));
            Progress.Say($"growth, {Cells.Count(events)} events: {seconds[^1]:0.0} s");
        }

        return (Samples.Median(seconds), host.PeakMegabytes(), appends);
    }

    private static async Task<double> AppendAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await using var append = new NpgsqlCommand(
            """
            insert into customers.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            values ($1, $2, $2, 1, 'customer.email-changed.v1', '{}', now(), $2)
            """,
            connection)
        {
            Parameters = { new NpgsqlParameter<int>(), new NpgsqlParameter<Guid>() },
        };
        await append.PrepareAsync(cancellation);
        await RepeatAsync(append, AppendedFirst, cancellation);
        var rates = new List<double>();
        for (var round = 0; round < RoundsOfAppends; round++)
            rates.Add(await RepeatAsync(append, Appended, cancellation));
        return Samples.Median(rates);
    }

    private static async Task<double> RepeatAsync(NpgsqlCommand append, int times, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++)
        {
            append.Parameters[0].Value = i % LogSeed.Partitions;
            append.Parameters[1].Value = Guid.CreateVersion7();
            await append.ExecuteNonQueryAsync(cancellation);
        }

        return times / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
