using System.Globalization;
using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Histories that nobody thought of.</summary>
public abstract class RandomHistoryContract(int histories, Func<StoreUnderTest> newStore)
{
    // What happens next: to which counter, what, and whether the reader is to catch up before.
    private static readonly Gen<(int Counter, int What, bool Pause)[]> Histories =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 30], Gen.Int[0, 40].Select(n => n == 0)).Array[1, 300];

    /// <summary>
    /// Each history has a seed, a database and a store of its own, so that one that fails can be repeated by its seed alone.
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task What_was_applied_live_is_what_a_rebuild_makes(bool atOnce)
    {
        var first = TestSeed.Next();
        var rows = 0L;
        for (var seed = first; seed < first + TestScale.Of(histories); seed++)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
            await using var history = new OneHistory(newStore());
            await history.InitializeAsync();
            rows += await history.ShouldAgreeAsync(atOnce, Histories.Generate(new PCG(1, (ulong)seed), null, out _), TestSeed.Shown(seed));
        }

        rows.ShouldBeGreaterThan(0, string.Create(CultureInfo.InvariantCulture, $"no history from {first} on has left a row"));
    }

    private sealed class OneHistory(StoreUnderTest store) : GenerationContract(store)
    {
        /// <summary>Applies a history live, then by a rebuild, and compares both with the rows that the log makes.</summary>
        /// <returns>How many rows there are at the end.</returns>
        public async Task<long> ShouldAgreeAsync(bool atOnce, (int Counter, int What, bool Pause)[] history, string seed)
        {
            var host = await StartLiveAsync(new() { Limits = atOnce ? RebuildLimits.Default : ProjectionOptions.InRounds });
            await HappensAsync(history);
            await host.UntilCurrentAsync();
            var applied = await host.HashAsync(1);
            applied.ShouldBe(RowHash.Of(await TruthAsync()), seed);

            await host.UntilEndedAsync(await host.Control.RebuildAsync(Manual, Operator, Cancellation));
            await host.UntilAtHeadsAsync(2);
            (await host.HashAsync(2)).ShouldBe(applied, seed);
            await host.UntilEndedAsync(await host.Control.PromoteAsync(2, Operator, Cancellation));
            (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true, seed);
            return applied.Rows;
        }

        private async Task HappensAsync((int Counter, int What, bool Pause)[] history)
        {
            var counters = SampleWriter.Streams(2);
            var some = new List<(Guid, IEvent)>();
            foreach (var (counter, what, pause) in history)
            {
                some.Add(
                    (
                        counters[counter],
                        what switch { 0 => new Removed(counters[counter]), < 4 => new Named(counters[counter], $"named {what}"), _ => new Counted(counters[counter], what) }));
                if (!pause)
                    continue;
                await Writer.AppendAsync(some);
                some.Clear();
            }

            if (some.Count > 0)
                await Writer.AppendAsync(some);
        }
    }
}
