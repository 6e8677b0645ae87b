using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Builds, promotions and rollbacks, and reads during them.</summary>
public abstract class RebuildContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task First_build_degrades_health_only()
    {
        await WriteHistoryAsync(2, 100);
        using var gate = new Gate(10);
        var host = await StartAsync(gate.Fold);
        await gate.Reached;
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), () =>
                Task.FromResult(host.Status.Registry?.UnderWay is null ? "the registry was not read" : null), Cancellation);

        var health = await host.HealthAsync();

        (health.Status, health.Description).ShouldBe((HealthStatus.Degraded, "The read model is being built for the first time."));
        gate.Open();
        await host.UntilAsync(1, GenerationState.Live);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20),
            async () => await host.HealthAsync() is { Status: HealthStatus.Healthy } ? null : "not healthy",
            Cancellation);
    }

    [Fact]
    public async Task First_build_is_invisible_until_promoted_automatically()
    {
        await WriteHistoryAsync(5, 1_000);
        using var gate = new Gate(500);
        var host = await StartAsync(gate.Fold);
        await gate.Reached;

        StorageFailures.Of(await Should.ThrowAsync<Exception>(() => SeenAsync()), Store.FailureClassifiers)
            .ShouldBe(StorageFailure.Building);
        gate.Open();
        await host.UntilAsync(1, GenerationState.Live);

        await ShouldMatchLogAsync(host, 1);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Empty_log_has_a_live_read_model_without_rows()
    {
        var host = await StartLiveAsync();

        (await SeenAsync()).ShouldBeEmpty();
        await Writer.CountAsync(SampleWriter.Streams(1), 1);
        await host.UntilCurrentAsync();
        (await SeenAsync()).Count.ShouldBe(4);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Rebuild_gives_equal_rows_and_keeps_the_old_generation(bool inMemory)
    {
        await WriteHistoryAsync(20, 10_000);
        var host = await StartLiveAsync(new() { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds });

        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await host.UntilEndedAsync(rebuild);

        var registry = await host.RegistryAsync();
        registry.Generations.Select(generation => (generation.Number, generation.State))
            .ShouldBe([(1, GenerationState.Retired), (2, GenerationState.Live)]);
        await ShouldMatchLogAsync(host, 2);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await Store.HasRowsAsync(1)).ShouldBeTrue();
        await Writer.CountAsync(SampleWriter.Streams(1), 3);
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 2);
    }

    [Fact]
    public async Task Live_generation_stays_current_during_a_rebuild()
    {
        await WriteHistoryAsync(5, 2_000);
        using var gate = new Gate(int.MaxValue);
        var host = await StartAsync(gate.Fold);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        gate.CloseAfter(1_000);
        await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;

        // Only the fold of the rebuild is blocked.
        gate.LetOthersPass();
        await Writer.CountAsync(SampleWriter.Streams(1), 5);
        await host.UntilCurrentAsync();

        (await host.LiveAsync()).ShouldBe(1);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        gate.Open();
        await host.UntilAsync(2, GenerationState.Live);
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 2);
    }

    [Fact]
    public async Task Manual_rebuild_stays_ready_and_current_until_promoted()
    {
        await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        var rebuild = await host.Control.RebuildAsync(Manual, Operator, Cancellation);
        await host.UntilEndedAsync(rebuild);
        var ready = await host.UntilAsync(2, GenerationState.Ready);
        ready.Reason.ShouldNotBeNull().ShouldContain("promote it when you are ready");
        await Writer.CountAsync(SampleWriter.Streams(2), 10);
        await host.UntilAtHeadsAsync(2);
        (await host.LiveAsync()).ShouldBe(1);

        await host.UntilEndedAsync(await host.Control.PromoteAsync(2, Operator, Cancellation));

        (await host.LiveAsync()).ShouldBe(2);
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 2);
    }

    [Fact]
    public async Task Rollback_catches_up_before_it_promotes()
    {
        await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        await WriteHistoryAsync(5, 3_000, seed: 2);
        await host.UntilCurrentAsync();

        await host.UntilEndedAsync(await host.Control.RollbackAsync(Operator, Cancellation));

        (await host.LiveAsync()).ShouldBe(1);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await host.RegistryAsync()).Find(2)!.State.ShouldBe(GenerationState.Retired);
    }

    [Fact]
    public async Task Reads_survive_alternating_promotions_and_rollbacks()
    {
        var counters = await WriteHistoryAsync(5, 1_000);
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        await using var load = new CountingLoad(Store, Writer, counters);

        for (var turn = 0; turn < TestScale.Of(50); turn++)
        {
            var begun = turn % 2 == 0
                ? await host.Control.RollbackAsync(Operator, Cancellation)
                : await host.Control.PromoteAsync(2, Operator, Cancellation);
            await host.UntilEndedAsync(begun);
            (await host.LiveAsync()).ShouldBe(turn % 2 == 0 ? 1 : 2);
        }

        await load.ShouldHaveBeenFlawlessAsync();
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, await host.LiveAsync());
    }

    [Fact]
    public async Task Rebuild_under_load_loses_no_event_and_fails_no_read()
    {
        var counters = await WriteHistoryAsync(20, 5_000);
        var host = await StartLiveAsync();
        await using var load = new CountingLoad(Store, Writer, counters);

        for (var rebuild = 0; rebuild < TestScale.Of(15); rebuild++)
            await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        await load.ShouldHaveBeenFlawlessAsync();
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, await host.LiveAsync());
    }

    [Fact]
    public async Task Paused_projection_applies_nothing_until_resumed()
    {
        var host = await StartLiveAsync();
        (await host.Control.PauseAsync(Operator, Cancellation)).Error.ShouldBeNull();
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), "the pause is noticed", () => host.Status.Partitions.Count == 0 && host.Status.Registry!.Paused);

        await Writer.CountAsync(SampleWriter.Streams(1), 1);
        (await host.Control.RebuildAsync(Auto, Operator, Cancellation)).Error!.Slug.ShouldBe("projection-paused");
        (await host.AppliedAsync()).ShouldBe(0);
        (await host.Control.ResumeAsync(Operator, Cancellation)).Error.ShouldBeNull();

        await host.UntilCurrentAsync();
        (await SeenAsync()).Count.ShouldBe(4);
    }
}
