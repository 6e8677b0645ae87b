using System.Diagnostics;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing.Events;

namespace Monolith.Projections.Postgres.Tests;

/// <summary>Compares the reported time left of real builds with the actual time.</summary>
[Trait("Category", "Module")]
public sealed class EtaTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private SampleDatabase Database => (SampleDatabase)Logs;

    private const int Events = 60_000;
    private const int EventsPerSecond = 6_000;
    private const int Rows = 20_000;
    private const int LengthOfAName = 600;

    /// <summary>
    /// Reported times below this are not compared: samples are a second apart, and a promotion takes some time.
    /// </summary>
    private const double Noise = 2.5;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(200);

    [Theory, InlineData(true), InlineData(false)]
    public async Task Eta_is_within_a_factor_of_2_after_10_percent(bool inMemory)
    {
        await WriteHistoryAsync(200, Events);
        // A fold with a fixed rate, whatever the speed of the machine.
        using var pace = new PacedFold(EventsPerSecond);
        var host = await StartAsync(pace.Fold, new() { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        pace.Begin();
        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        var samples = new List<(long At, long Applied, double Eta)>();

        using var timer = new PeriodicTimer(SampleEvery);
        while ((await host.Control.OperationAsync(rebuild.Value.Id, Cancellation))!.State == OperationState.Running)
        {
            var build = (await host.Control.ReportAsync(Cancellation)).Generations.Single(generation => generation.Number == 2);
            if (build.State == GenerationState.Building && build.Applied >= Events / 10 && build.EtaSeconds is { } eta)
                samples.Add((Stopwatch.GetTimestamp(), build.Applied, eta));
            await timer.WaitForNextTickAsync(Cancellation);
        }

        var end = Stopwatch.GetTimestamp();
        samples.Count.ShouldBeGreaterThan(20, "the build was sampled throughout");
        foreach (var (at, applied, eta) in samples)
        {
            var took = Stopwatch.GetElapsedTime(at, end).TotalSeconds;
            eta.ShouldBeInRange((took / 2) - Noise, (took * 2) + Noise, $"at {applied} of {Events} events, {took:0.0} s before the end");
        }
    }

    /// <summary>All events are folded, and the store writes the rows slowly.</summary>
    [Fact]
    public async Task Eta_includes_rows_that_are_still_written()
    {
        // The rows are too large for the buffers between the engine and the server.
        var name = new string('x', LengthOfAName);
        foreach (var some in SampleWriter.Streams(Rows / SampleLogs.Partitions).Chunk(5_000))
            await Writer.AppendAsync([.. some.Select(counter => (counter, (IEvent)new Named(counter, name)))]);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        gate.CloseAfter(10_000);
        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;
        // At least a millisecond for every fifth row.
        await Database.ExecuteAsync(
            """
            create function shop_read.slow() returns trigger language plpgsql as $$ begin if random() < 0.2 then perform pg_sleep(0.001); end if; return new; end $$;
            create trigger slow before insert on shop_read.counters_g2 for each row execute function shop_read.slow();
            """);
        gate.Open();

        var seen = new List<GenerationReport>();
        using var timer = new PeriodicTimer(SampleEvery);
        while ((await host.Control.OperationAsync(rebuild.Value.Id, Cancellation))!.State == OperationState.Running)
        {
            seen.Add((await host.Control.ReportAsync(Cancellation)).Generations.Single(generation => generation.Number == 2));
            await timer.WaitForNextTickAsync(Cancellation);
        }

        var filling = seen.Where(report => report is { State: GenerationState.Building, Applied: Rows, RowsLeft: > 0 }).ToArray();
        filling.Select(report => report.RowsWritten).Distinct().Count().ShouldBeGreaterThan(
            1, string.Join(
                "; ",
                seen.Select(
                    report =>
                        $"{report.State} {report.Applied} events, rows {report.RowsWritten} + {report.RowsLeft}, {report.EtaSeconds} s")));
        // Before the first rows are written, and if the events arrive too fast to be sampled, the time left is unknown. It is never
        // reported as zero.
        filling.ShouldAllBe(report => report.EtaSeconds == null || report.EtaSeconds > 0);
        filling.ShouldContain(report => report.EtaSeconds > 0);
    }
}
