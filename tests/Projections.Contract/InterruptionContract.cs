using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Builds whose host ends in the middle.</summary>
public abstract class InterruptionContract(StoreUnderTest store) : GenerationContract(store)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_build_that_was_interrupted_goes_on_by_itself(bool inMemory)
    {
        await WriteHistoryAsync(10, 30_000);
        using var gate = new Gate(25_000);
        var options = new ProjectionOptions { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds };
        var first = await StartAsync(gate.Fold, options);
        await gate.Reached;
        await EndAsync(first, gate);
        var reached = await BetweenHostsAsync(
            async store => (await store.Registry.CheckpointsAsync(1, Cancellation)).Sum(checkpoint => checkpoint.NextOffset));
        // It hears that it is to end a moment after the gate is open: by then it may be done, but never in between.
        if (inMemory)
            reached.ShouldBeOneOf(0, 30_000);
        else
            reached.ShouldBeInRange(5_000, 25_000);

        var folded = 0L;
        var second = await StartAsync(new SteeredProjection { Before = _ => Interlocked.Increment(ref folded) }, options);
        await second.UntilAsync(1, GenerationState.Live);

        await second.UntilCurrentAsync();
        Volatile.Read(ref folded).ShouldBe(30_000 - reached);
        await ShouldBeTheTruthAsync(second, 1);
        (await second.RegistryAsync()).Generations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_rebuild_that_was_interrupted_goes_on_while_the_old_one_serves()
    {
        await WriteHistoryAsync(10, 20_000);
        await (await StartLiveAsync()).DisposeAsync();
        using var gate = new Gate(15_000);
        var first = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        var rebuild = await first.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;
        await EndAsync(first, gate);
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);

        var second = await StartAsync(new CounterProjection(), new() { Limits = ProjectionOptions.InRounds });

        await second.UntilEndedAsync(rebuild);
        (await second.LiveAsync()).ShouldBe(2);
        await ShouldBeTheTruthAsync(second, 2);
    }

    [Fact]
    public async Task A_builder_that_says_nothing_more_has_lost_the_build()
    {
        await WriteHistoryAsync(5, 1_000);
        using var gate = new Gate(0);
        var first = await StartAsync(gate.Fold);
        await gate.Reached;
        await EndAsync(first, gate);
        // As if the host had been killed: it gave nothing back.
        (
            await BetweenHostsAsync(
                store => store.Registry.ClaimRebuildAsync(1, Guid.NewGuid(), TimeSpan.FromSeconds(2), null, null, Cancellation)))
            .ShouldBeTrue();

        var second = await StartAsync();

        await second.UntilAsync(1, GenerationState.Live);
        await second.UntilCurrentAsync();
        await ShouldBeTheTruthAsync(second, 1);
    }
}
