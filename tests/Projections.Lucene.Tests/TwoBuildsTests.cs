using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.Testing;
using Monolith.Testing.Events;

namespace Monolith.Projections.Lucene.Tests;

/// <summary>
/// Two projections of one process are rebuilt at the same time under live traffic. Neither waits for the other, and
/// live events do not wait.
/// </summary>
[Trait("Category", "Module")]
public sealed class TwoBuildsTests(TestPostgres postgres) : GenerationContract(new PostgresUnderTest(postgres))
{
    private const int Events = 30_000;

    /// <summary>Makes both rebuilds take some seconds on any machine.</summary>
    private const int EventsPerSecond = 2_000;

    /// <summary>The minimum number of progress changes of each rebuild while both run. Progress is updated once a second.</summary>
    private const int FewestSteps = 2;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Concurrent_rebuilds_both_progress_while_live_rows_stay_current()
    {
        var counters = await WriteHistoryAsync(20, Events);
        await using var index = new LuceneUnderTest();
        index.Use(Logs);
        var pace = new LagTracker(TimeProvider.System);
        using PacedFold tableFold = new(EventsPerSecond), indexFold = new(EventsPerSecond);
        var inTable = await StartAsync(tableFold.Fold, new() { Engine = options => options with { Lag = pace } });
        var options = new ProjectionOptions
        {
            Engine = options => options with { Lag = pace },
            Definition = SampleProjections.Concurrent(Logs.Shop.Catalogue) with { Name = "shop.others" },
        };
        await using var inIndex = await RunningProjection.StartAsync(Logs, index, indexFold.Fold, options);
        RunningProjection<CounterRow>[] both = [inTable, inIndex];
        foreach (var host in both)
        {
            await host.UntilAsync(1, GenerationState.Live);
            await host.UntilCurrentAsync();
        }

        await using (var load = new CountingLoad(Store, Writer, [.. counters.Take(4)]))
        {
            tableFold.Begin();
            indexFold.Begin();
            var started = await Task.WhenAll(both.Select(host => host.Control.RebuildAsync(Auto, Operator, Cancellation)));
            await BothMoveAsync(both);
            tableFold.End();
            indexFold.End();
            for (var i = 0; i < both.Length; i++)
                await both[i].UntilEndedAsync(started[i]);
            await load.ShouldHaveBeenFlawlessAsync();
        }

        foreach (var host in both)
        {
            (await host.LiveAsync()).ShouldBe(2);
            await host.UntilCurrentAsync();
            await ShouldMatchLogAsync(host, 2);
        }
    }

    /// <summary>Samples progress while both rebuilds run.</summary>
    private static async Task BothMoveAsync(RunningProjection<CounterRow>[] both)
    {
        var (seen, steps, live) = (new long[both.Length], new int[both.Length], new int[both.Length]);
        var before = await Task.WhenAll(both.Select(host => host.AppliedAsync()));
        await Eventually.HoldsAsync(Timeout, async () =>
        {
            var reports = await Task.WhenAll(both.Select(host => host.Control.ReportAsync(Cancellation)));
            var building = reports.Select(report => report.Generations.Single(generation => generation.Number == 2)).ToArray();
            if (building.Any(generation => generation.State != GenerationState.Building))
                return steps.Concat(live).All(count => count >= FewestSteps) ? null : throw new InvalidOperationException(Shown());
            for (var i = 0; i < both.Length; i++)
            {
                if (building[i].Applied > seen[i])
                    (seen[i], steps[i]) = (building[i].Applied, steps[i] + 1);
                if (await both[i].AppliedAsync() is var applied && applied > before[i])
                    (before[i], live[i]) = (applied, live[i] + 1);
            }

            return steps.Concat(live).All(count => count >= FewestSteps) ? null : Shown();
        });

        string Shown() =>
            $"the rebuilds progressed {string.Join(" and ", steps)} times while both ran, the live generations "
                + $"{string.Join(" and ", live)} times";
    }
}
