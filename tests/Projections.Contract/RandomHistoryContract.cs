using System.Globalization;
using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Compares live and rebuilt rows over random histories.</summary>
public abstract class RandomHistoryContract(int histories, Func<StoreUnderTest> newStore)
{
    // The next event: its counter, its kind, and whether the reader catches up before.
    private static readonly Gen<(int Counter, int What, bool Pause)[]> Histories =
        Gen.Select(Gen.Int[0, 7], Gen.Int[0, 30], Gen.Int[0, 40].Select(n => n == 0)).Array[1, 300];

    /// <summary>
    /// Each history has a separate seed, database and store, so that its seed is enough to repeat it.
    /// </summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task Live_rows_equal_rebuilt_rows(bool atOnce)
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

        rows.ShouldBeGreaterThan(0, string.Create(CultureInfo.InvariantCulture, $"no history from {first} on has a row at the end"));
    }

    private sealed class OneHistory(StoreUnderTest store) : GenerationContract(store)
    {
        /// <summary>Applies a history live and by a rebuild, and compares both with the expected rows.</summary>
        /// <returns>The number of rows at the end.</returns>
        public async Task<long> ShouldAgreeAsync(bool atOnce, (int Counter, int What, bool Pause)[] history, string seed)
        {
            var host = await StartLiveAsync(new() { Limits = atOnce ? RebuildLimits.Default : ProjectionOptions.InRounds });
            await HappensAsync(history);
            await host.UntilCurrentAsync();
            var applied = await host.HashAsync(1);
            applied.ShouldBe(RowHash.Of(await ExpectedRowsAsync()), seed);

            await host.UntilEndedAsync(await host.Control.RebuildAsync(Manual, Operator, Cancellation));
            await host.UntilAtHeadsAsync(2);
            (await host.HashAsync(2)).ShouldBe(applied, seed);
            await host.UntilEndedAsync(await host.Control.PromoteAsync(2, Operator, Cancellation));
            (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true, seed);
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
                        what switch
                        {
                            0 => new Removed(counters[counter]),
                            < 4 => new Named(counters[counter], $"named {what}"),
                            _ => new Counted(counters[counter], what),
                        }));
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
