using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Builds whose host stops before they end.</summary>
public abstract class InterruptionContract(StoreUnderTest store) : GenerationContract(store)
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Interrupted_build_is_resumed(bool inMemory)
    {
        await WriteHistoryAsync(10, 30_000);
        using var gate = new Gate(25_000);
        var options = new ProjectionOptions { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds };
        var first = await StartAsync(gate.Fold, options);
        await gate.Reached;
        await EndAsync(first, gate);
        var reached = await BetweenHostsAsync(
            async store => (await store.Registry.CheckpointsAsync(1, Cancellation)).Sum(checkpoint => checkpoint.NextOffset));
        // The host is cancelled a moment after the gate opens: the fill in memory is then complete or not started, never partial.
        if (inMemory)
            reached.ShouldBeOneOf(0, 30_000);
        else
            reached.ShouldBeInRange(5_000, 25_000);

        var folded = 0L;
        var second = await StartAsync(new SteeredProjection { Before = _ => Interlocked.Increment(ref folded) }, options);
        await second.UntilAsync(1, GenerationState.Live);

        await second.UntilCurrentAsync();
        Volatile.Read(ref folded).ShouldBe(30_000 - reached);
        await ShouldMatchLogAsync(second, 1);
        (await second.RegistryAsync()).Generations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Interrupted_rebuild_is_resumed_while_the_live_generation_serves()
    {
        await WriteHistoryAsync(10, 20_000);
        await (await StartLiveAsync()).DisposeAsync();
        using var gate = new Gate(15_000);
        var first = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        var rebuild = await first.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;
        await EndAsync(first, gate);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);

        var second = await StartAsync(new CounterProjection(), new() { Limits = ProjectionOptions.InRounds });

        await second.UntilEndedAsync(rebuild);
        (await second.LiveAsync()).ShouldBe(2);
        await ShouldMatchLogAsync(second, 2);
    }

    [Fact]
    public async Task Expired_build_claim_is_taken_over()
    {
        await WriteHistoryAsync(5, 1_000);
        using var gate = new Gate(0);
        var first = await StartAsync(gate.Fold);
        await gate.Reached;
        await EndAsync(first, gate);
        // Like a killed host, which does not release its claim.
        (
            await BetweenHostsAsync(
                store => store.Registry.ClaimRebuildAsync(1, Guid.NewGuid(), TimeSpan.FromSeconds(2), null, null, Cancellation)))
            .ShouldBeTrue();

        var second = await StartAsync();

        await second.UntilAsync(1, GenerationState.Live);
        await second.UntilCurrentAsync();
        await ShouldMatchLogAsync(second, 1);
    }
}
