using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>Hosts of two versions of one projection, one after the other and side by side.</summary>
[Trait("Height", "Module")]
public sealed class VersionTests(TestPostgres postgres) : GenerationTests(postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        await Eventually.HoldsAsync(Patience, async () => (await newer.HealthAsync()).Status == HealthStatus.Degraded ? null : "health says so", Cancellation);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);

        await newer.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        (await LargestAsync()).Count(largest => largest is not null).ShouldBeGreaterThan(0);
        var upgrade = (await newer.Control.ActionsAsync(10, Cancellation))[0];
        (upgrade.Action, upgrade.Outcome, upgrade.Actor).ShouldBe(("rebuild for version 2, by itself", OperationState.Done, null));
    }

    [Fact]
    public async Task Side_by_side_the_older_keeps_its_own_current_and_leaves_the_newer_alone()
    {
        await WriteHistoryAsync(5, 1_000);
        var older = await StartLiveAsync();
        using var gate = new VersionGate();
        var newer = await StartNewerAsync(gate);
        await gate.Reached;
        gate.LetOthersPass();

        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        gate.Open();
        await newer.UntilAsync(2, GenerationState.Live);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await newer.UntilCurrentAsync();

        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        await Eventually.HoldsAsync(Patience, "the older host owns nothing", () => older.Status is { Generation: 2, Partitions.Count: 0 }, Cancellation);
        (await older.RegistryAsync()).Generations.Count.ShouldBe(2, "it begins no rebuild of its own");
        (await older.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
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
    public async Task What_was_rolled_back_is_not_built_again_by_the_newer_host()
    {
        await WriteHistoryAsync(2, 200);
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);
        await older.UntilEndedAsync(await older.Control.RollbackAsync(Operator, Cancellation));
        await newer.DisposeAsync();

        var again = await StartNewerAsync(null);
        await Eventually.HoldsAsync(Patience, "it knows what is live", () => again.Status.Generation == 1, Cancellation);
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await older.UntilCurrentAsync();

        (await again.RegistryAsync()).Generations.Count.ShouldBe(2);
        (await again.HealthAsync()).Status.ShouldBe(HealthStatus.Degraded);
        (await again.Control.RollbackAsync(Operator, Cancellation)).Error.ShouldBeNull();
        await again.UntilAsync(2, GenerationState.Live);
        await again.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
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
        await ShouldBeGoneAsync(2);
    }

    [Fact]
    public async Task A_column_of_another_type_is_refused_in_plain_words_and_the_old_rows_serve()
    {
        await WriteHistoryAsync(2, 200);
        await (await StartLiveAsync()).DisposeAsync();

        var changed = await StartAsync(new TextTotals(), new() { Version = 2 });

        await Eventually.HoldsAsync(Patience, () => Task.FromResult(changed.Status.Problem is null ? "no problem yet" : null), Cancellation);
        changed.Status.Problem!.ShouldContain("The column total of shop_read.counters is bigint, the rows of this version have text");
        (await changed.HealthAsync()).Status.ShouldBe(HealthStatus.Unhealthy);
        (await SeenAsync()).ShouldBe(await TruthAsync(), ignoreOrder: true);
        (await changed.RegistryAsync()).Generations.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Verify_asks_for_a_host_of_the_live_version()
    {
        var older = await StartLiveAsync();
        var newer = await StartNewerAsync(null);
        await newer.UntilAsync(2, GenerationState.Live);

        (await older.Control.VerifyAsync(Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
        (await older.Control.PromoteAsync(2, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-state");
        (await newer.Control.PromoteAsync(1, Operator, Cancellation)).Error!.Slug.ShouldBe("generation-version");
    }

    private Task<RunningProjection<LargestRow>> StartNewerAsync(VersionGate? gate) => StartAsync(new LargestCounters(gate), new() { Version = 2 });

    private Task<List<long?>> LargestAsync() => Database.QueryAsync<long?>("select largest from shop_read.counters");

    internal sealed record LargestRow(Guid CounterId, long Total, int Events, string? Name, long? Largest);

    internal sealed record TextRow(Guid CounterId, string Total);

    private sealed class TextTotals : KeyedProjection<Guid, TextRow>
    {
        public override Guid? KeyOf(Event e) => e.StreamId;

        public override TextRow? Apply(TextRow? row, Event e) => new(e.StreamId, "many");
    }

    /// <summary>Holds the fold of the newer version up.</summary>
    private sealed class VersionGate : IDisposable
    {
        private readonly Gate gate = new(500);

        public Task Reached => gate.Reached;

        public void Pass(Event happened) => gate.Fold.Before(happened);

        public void LetOthersPass() => gate.LetOthersPass();

        public void Open() => gate.Open();

        public void Dispose() => gate.Dispose();
    }

    // Version 2: it also knows the largest number that a counter was counted by.
    private sealed class LargestCounters(VersionGate? gate) : KeyedProjection<Guid, LargestRow>
    {
        private readonly CounterProjection fold = new();

        public override Guid? KeyOf(Event e) => fold.KeyOf(e);

        public override LargestRow? Apply(LargestRow? row, Event e)
        {
            gate?.Pass(e);
            var before = row is null ? null : new CounterRow(row.CounterId, row.Total, row.Events, row.Name);
            var largest = e.Data is Counted { By: var by } && (row?.Largest ?? 0) < by ? by : row?.Largest;
            return fold.Apply(before, e) is { } after ? new LargestRow(after.CounterId, after.Total, after.Events, after.Name, largest) : null;
        }
    }
}
