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
    public async Task Newer_host_serves_old_rows_until_its_rebuild_ends()
    {
        await WriteHistoryAsync(5, 1_000);
        await (await StartLiveAsync()).DisposeAsync();
        using var gate = new VersionGate();
        var newer = await StartNewerAsync(gate);
        await gate.Reached;

        (await LargestAsync()).ShouldAllBe(largest => largest == null, "the column exists and is empty");
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        await Eventually.HoldsAsync(
            Timeout,
            async () => (await newer.HealthAsync()).Status == HealthStatus.Degraded ? null : "health is not degraded", Cancellation);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);

        await newer.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await LargestAsync()).Count(largest => largest is not null).ShouldBeGreaterThan(0);
        var upgrade = (await newer.Control.ActionsAsync(10, Cancellation))[0];
        (upgrade.Action, upgrade.Outcome, upgrade.Actor).ShouldBe(("rebuild for version 2, by itself", OperationState.Done, null));
    }

    [Fact]
    public async Task Older_host_serves_newer_rows_and_can_roll_back()
    {
        await WriteHistoryAsync(5, 1_000);
        await (await StartLiveAsync()).DisposeAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);
        await WriteHistoryAsync(5, 1_000, seed: 2);
        await newer.UntilCurrentAsync();
        await newer.DisposeAsync();

        var older = await StartAsync();
        await Eventually.HoldsAsync(Timeout, "the live generation is known", () => older.Status.Generation == 2, Cancellation);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilEndedAsync(await older.Control.RollbackAsync(Operator, Cancellation));

        (await older.LiveAsync()).ShouldBe(1);
        await older.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
        (await LargestAsync()).ShouldAllBe(largest => largest == null, "the column remains and is empty");
    }

    [Fact]
    public async Task Build_of_an_older_version_is_superseded()
    {
        await WriteHistoryAsync(2, 200);
        var older = await StartLiveAsync();
        await older.Control.RebuildAsync(Manual, Operator, Cancellation);
        await older.UntilAsync(2, GenerationState.Ready);
        await older.DisposeAsync();

        var newer = await StartNewerAsync(null);

        await newer.UntilAsync(3, GenerationState.Live);
        (await newer.RegistryAsync()).Find(2)!.Reason.ShouldNotBeNull().ShouldContain("superseded by version 2");
        await Eventually.HoldsAsync(Timeout, async () => await Store.HasRowsAsync(2) ? "its rows are there" : null, Cancellation);
        (await Store.LeftOfAsync(2)).ShouldBeNull();
    }
}
