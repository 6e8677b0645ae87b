using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Refused operations, the audit log, and what remains of generations that operators end.</summary>
public abstract class OperatorContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task Invalid_operation_is_refused_and_recorded()
    {
        var host = await StartLiveAsync();
        await host.Control.RebuildAsync(Manual, Operator, Cancellation);

        (await host.Control.RebuildAsync(Auto, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "generation-under-way", "projections cancel shop.counters 2");
        (await host.Control.VerifyAsync(Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "generation-under-way", "Generation 2");
        (await host.Control.PromoteAsync(1, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "generation-state", "projections rebuild shop.counters");
        (await host.Control.PromoteAsync(77, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.NotFound, "generation-unknown", "no generation 77");
        (await host.Control.DropAsync(1, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "generation-state", "only a retired one or a snapshot can be dropped");
        (await host.Control.DropAsync(77, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.NotFound, "generation-unknown", "no generation 77");
        (await host.Control.CancelAsync(1, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "generation-state", "only one that is building or ready can be cancelled");
        (await host.Control.CancelAsync(77, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.NotFound, "generation-unknown", "no generation 77");
        (await host.Control.RollbackAsync(Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "nothing-to-roll-back", "projections rebuild shop.counters");
        (await host.Control.RequeueAsync(null, Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.NotFound, "nothing-parked", "dead-letters list --projection shop.counters");
        (await host.Control.ResumeAsync(Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "projection-not-paused", "projections pause shop.counters");

        var refused = (await host.Control.ActionsAsync(100, Cancellation))
            .Where(action => action.Outcome == OperationState.Refused)
            .Reverse()
            .ToArray();
        refused.Select(action => action.Action).ShouldBe(
        [
            "rebuild, promote auto", "verify", "promote to generation 1", "promote to generation 77", "drop generation 1",
            "drop generation 77", "cancel generation 1", "cancel generation 77", "rollback",
            "requeue all", "resume",
        ]);
        refused.ShouldAllBe(action => action.Actor == Operator && action.Detail != null);
    }

    /// <summary>Covers a host that is killed between an operation and its record, as far as it is visible from outside.</summary>
    [Fact]
    public async Task Operation_that_cannot_be_recorded_has_no_effect()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((bad, new Counted(bad, SteeredProjection.Poison)));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        await host.Control.RebuildAsync(Manual, Operator, Cancellation);
        await host.UntilAsync(3, GenerationState.Ready);
        var failure = await Store.RefuseRecordsAsync();

        await ShouldFailAsync(() => host.Control.PauseAsync(Operator, Cancellation));
        await ShouldFailAsync(() => host.Control.CancelAsync(3, Operator, Cancellation));
        await ShouldFailAsync(() => host.Control.PromoteAsync(3, Operator, Cancellation));
        await ShouldFailAsync(() => host.Control.DropAsync(1, Operator, Cancellation));
        await ShouldFailAsync(() => host.Control.RequeueAsync(null, Operator, Cancellation));
        await ShouldFailAsync(() => host.Control.DiscardAsync(bad.ToString(), "gone", Operator, Cancellation));

        var registry = await host.RegistryAsync();
        (registry.Paused, registry.HasPendingRequests).ShouldBe((false, false));
        registry.Generations.Select(generation => (generation.State, generation.Promotion)).ShouldBe(
            [(GenerationState.Retired, Promotion.None), (GenerationState.Live, Promotion.None), (GenerationState.Ready, Promotion.Manual)]);
        await Store.TakeRecordsAsync();
        (await host.Control.PauseAsync(Operator, Cancellation)).Error.ShouldBeNull();
        await Store.RefuseRecordsAsync();
        await ShouldFailAsync(() => host.Control.ResumeAsync(Operator, Cancellation));
        (await host.RegistryAsync()).Paused.ShouldBeTrue();

        async Task ShouldFailAsync(Func<Task<Result<Operation>>> ask) =>
            (await Should.ThrowAsync<Exception>(ask)).Message.ShouldContain(failure);
    }

    [Fact]
    public async Task Snapshot_of_the_future_is_refused_and_recorded()
    {
        var host = await StartLiveAsync();

        (
            await host.Control.RebuildAsync(
                new(Promotion.None, DateTimeOffset.UtcNow.AddHours(1), "later"),
                Operator,
                Cancellation)).Error!.Fields!.Keys.ShouldBe(["until"]);

        var refused = (await host.Control.ActionsAsync(10, Cancellation)).ShouldHaveSingleItem();
        (refused.Outcome, refused.Actor).ShouldBe((OperationState.Refused, Operator));
        refused.Action.ShouldStartWith("snapshot later until ");
    }

    [Fact]
    public async Task Only_one_of_concurrent_rebuilds_is_accepted()
    {
        var host = await StartLiveAsync();

        var asked = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.Control.RebuildAsync(Manual, Operator, Cancellation)));

        asked.Count(answer => answer.Error is null).ShouldBe(1);
        asked.Where(answer => answer.Error is not null).ShouldAllBe(answer => answer.Error!.Slug == "generation-under-way");
        (await host.RegistryAsync()).Generations.Count.ShouldBe(2);
        (await host.Control.ActionsAsync(100, Cancellation)).Count(action => action.Outcome == OperationState.Refused).ShouldBe(7);
    }

    [Fact]
    public async Task Audit_log_has_each_operation_and_its_outcome()
    {
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        var actions = await host.Control.ActionsAsync(10, Cancellation);
        actions.Select(action => (action.Action, action.Actor, action.Generation, action.Outcome)).ShouldBe(
            [("rebuild, promote auto", Operator, 2, OperationState.Done), ("rebuild, promote auto", Operator, 2, OperationState.Running)]);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Cancelled_build_leaves_only_its_registry_entry(bool inMemory)
    {
        await WriteHistoryAsync(10, 12_000);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold, new() { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        gate.CloseAfter(11_000);
        await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;

        (await host.Control.CancelAsync(2, Operator, Cancellation)).Error.ShouldBeNull();
        gate.Open();

        (await host.UntilAsync(2, GenerationState.Cancelled)).Reason.ShouldBe($"cancelled by {Operator}");
        await ShouldBeGoneAsync(host, 2);
        (await host.LiveAsync()).ShouldBe(1);
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        (await host.LiveAsync()).ShouldBe(3, "a number is never reused");
        await ShouldMatchLogAsync(host, 3);
        await ShouldBeGoneAsync(host, 2);
    }

    [Fact]
    public async Task Cancelled_build_leaves_no_dead_letters()
    {
        var counter = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((counter, new Counted(counter, SteeredProjection.Poison)), (counter, new Counted(counter, 1)));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.Control.RebuildAsync(Manual, Operator, Cancellation);
        await host.UntilAsync(2, GenerationState.Ready);
        (await host.Control.DeadLettersAsync(10, Cancellation)).Count(deadLetter => deadLetter.Generation == 2).ShouldBe(2);

        (await host.Control.CancelAsync(2, Operator, Cancellation)).Error.ShouldBeNull();

        await ShouldBeGoneAsync(host, 2);
        (await host.Control.DeadLettersAsync(10, Cancellation)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Dropped_generation_cannot_be_rolled_back_to()
    {
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        (await host.Control.DropAsync(1, Operator, Cancellation)).Error.ShouldBeNull();

        await ShouldBeGoneAsync(host, 1);
        (await host.Control.RollbackAsync(Operator, Cancellation)).Error!.Slug.ShouldBe("nothing-to-roll-back");
        (await host.Control.ReportAsync(Cancellation)).Generations.ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Retired_generation_is_dropped_after_its_retention()
    {
        var host = await StartLiveAsync(new() { KeepRetiredFor = TimeSpan.FromMilliseconds(1) });
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        await host.UntilAsync(1, GenerationState.Dropped);
        await ShouldBeGoneAsync(host, 1);
    }

    [Fact]
    public async Task Cancelled_rollback_leaves_the_generation_retired()
    {
        await WriteHistoryAsync(2, 100);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold);
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        await WriteHistoryAsync(2, 100, seed: 2);
        await host.UntilCurrentAsync();
        gate.CloseAfter(10);
        var rollback = await host.Control.RollbackAsync(Operator, Cancellation);
        await gate.Reached;

        (await host.Control.CancelAsync(1, Operator, Cancellation)).Error.ShouldBeNull();
        gate.Open();

        await host.UntilEndedAsync(rollback, OperationState.Failed);
        (await host.RegistryAsync()).Generations.Select(generation => generation.State)
            .ShouldBe([GenerationState.Retired, GenerationState.Live]);
        (await Store.HasRowsAsync(1)).ShouldBeTrue();
        await host.UntilEndedAsync(await host.Control.RollbackAsync(Operator, Cancellation));
        await ShouldMatchLogAsync(host, 1);
    }

    [Fact]
    public async Task Report_has_the_progress_of_all_generations()
    {
        await WriteHistoryAsync(5, 2_000);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        await host.Control.RebuildAsync(Manual, Operator, Cancellation);
        await host.UntilAsync(2, GenerationState.Ready);
        await host.UntilAtHeadsAsync(2);

        var report = await host.Control.ReportAsync(Cancellation);

        (report.Name, report.Module, report.Store, report.Version, report.Live, report.Paused)
            .ShouldBe(("shop.counters", "Shop", Store.Name, 1, 1, false));
        report.Generations.ShouldAllBe(generation => generation.Applied == 2_000 && generation.Total == 2_000 && generation.LagEvents == 0);
        report.Generations.ShouldAllBe(
            generation =>
                generation.Partitions.Count == SampleLogs.Partitions && generation.Partitions.Sum(partition => partition.Applied) == 2_000);
        report.Notes.ShouldHaveSingleItem().ShouldContain("Generation 2 waits");
    }
}
