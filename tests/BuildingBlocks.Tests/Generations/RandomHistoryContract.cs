using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Generations;

public abstract class RandomHistoryContract(TestPostgres postgres, StoreUnderTest store) : GenerationContract(postgres, store)
{
    // What happens next: to which counter, what, and whether the reader is to catch up before.
    private static readonly Gen<(int Counter, int What, bool Pause)[]> Histories = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 30], Gen.Int[0, 40].Select(n => n == 0)).Array[1, 300];

    /// <summary>One database after the other history: each adds to the log, so that every rebuild is of all of them so far.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task What_was_applied_live_is_what_a_rebuild_makes(bool atOnce)
    {
        var host = await StartLiveAsync(new() { KeepRetiredFor = TimeSpan.Zero, Limits = atOnce ? BuildLimits.Usual : ProjectionOptions.InRounds });
        for (var i = 0; i < TestScale.Of(50); i++)
        {
            var seed = new PCG((uint)Random.Shared.Next());
            var said = seed.ToString();
            await ShouldAgreeAsync(host, Histories.Generate(seed, null, out _), said);
        }
    }

    private async Task ShouldAgreeAsync(RunningProjection<CounterRow> host, (int Counter, int What, bool Pause)[] history, string seed)
    {
        var counters = SampleWriter.Streams(2);
        var some = new List<(Guid, IEvent)>();
        foreach (var (counter, what, pause) in history)
        {
            some.Add((counters[counter], what switch { 0 => new Removed(counters[counter]), < 4 => new Named(counters[counter], $"named {what}"), _ => new Counted(counters[counter], what) }));
            if (!pause)
                continue;
            await Writer.AppendAsync(some);
            some.Clear();
        }

        if (some.Count > 0)
            await Writer.AppendAsync(some);
        await host.UntilCurrentAsync();
        var live = await host.LiveAsync();
        var before = await host.HashAsync(live);
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Manual, Operator, Cancellation));
        await host.UntilAtHeadsAsync(live + 1);
        (await host.HashAsync(live + 1)).ShouldBe(before, $"seed {seed}");
        await host.UntilEndedAsync(await host.Control.PromoteAsync(live + 1, Operator, Cancellation));
        await ShouldBeTheTruthAsync(host, live + 1);
    }
}
