using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Hosts of two versions of one projection, one after the other.</summary>
public abstract class VersionContract(StoreUnderTest store) : VersionedContract(store)
{
    [Fact]
    public async Task A_newer_host_alone_serves_the_old_rows_until_its_own_are_built()
    {
        await WriteHistoryAsync(5, 1_000);
        await (await StartLiveAsync()).DisposeAsync();
        using var gate = new VersionGate();
        var newer = await StartNewerAsync(gate);
        await gate.Reached;

        (await LargestAsync()).ShouldAllBe(largest => largest == null, "the column is there, and empty");
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        await Eventually.HoldsAsync(
            Patience, async () => (await newer.HealthAsync()).Status == HealthStatus.Degraded ? null : "health says so", Cancellation);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);

        await newer.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        (await LargestAsync()).Count(largest => largest is not null).ShouldBeGreaterThan(0);
        var upgrade = (await newer.Control.ActionsAsync(10, Cancellation))[0];
        (upgrade.Action, upgrade.Outcome, upgrade.Actor).ShouldBe(("rebuild for version 2, by itself", OperationState.Done, null));
    }

    [Fact]
    public async Task Back_to_the_old_binary_it_serves_and_a_rollback_brings_its_rows_back()
    {
        await WriteHistoryAsync(5, 1_000);
        await (await StartLiveAsync()).DisposeAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);
        await WriteHistoryAsync(5, 1_000, seed: 2);
        await newer.UntilCurrentAsync();
        await newer.DisposeAsync();

        var older = await StartAsync();
        await Eventually.HoldsAsync(Patience, "it knows what is live", () => older.Status.Generation == 2, Cancellation);
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilEndedAsync(await older.Control.RollbackAsync(Operator, Cancellation));

        (await older.LiveAsync()).ShouldBe(1);
        await older.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        (await LargestAsync()).ShouldAllBe(largest => largest == null, "the column stays, and is empty");
    }

    [Fact]
    public async Task A_build_of_the_older_version_gives_way_to_the_newer()
    {
        await WriteHistoryAsync(2, 200);
        var older = await StartLiveAsync();
        await older.Control.RebuildAsync(Manual, Operator, Cancellation);
        await older.UntilAsync(2, GenerationState.Ready);
        await older.DisposeAsync();

        var newer = await StartNewerAsync(null);

        await newer.UntilAsync(3, GenerationState.Live);
        (await newer.RegistryAsync()).Find(2)!.Reason.ShouldNotBeNull().ShouldContain("superseded by version 2");
        await Eventually.HoldsAsync(Patience, async () => await Store.HasRowsAsync(2) ? "its rows are there" : null, Cancellation);
        (await Store.LeftOfAsync(2)).ShouldBeNull();
    }
}
