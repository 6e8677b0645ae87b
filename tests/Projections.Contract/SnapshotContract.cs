using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Verification;

namespace Monolith.BuildingBlocks.Projections.Contract;

public abstract class SnapshotContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task Snapshot_has_the_rows_of_its_time_and_is_repeatable()
    {
        await WriteHistoryAsync(10, 2_000);
        await WriteHistoryAsync(10, 2_000, seed: 2);
        var host = await StartLiveAsync();
        var then = (await Logs.ReadShopAsync(Cancellation)).Select(record => record.OccurredAt).Order().ElementAt(2_000);
        var until = then.ToUniversalTime();
        await WriteHistoryAsync(10, 1_000, seed: 3);

        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon", until), Operator, Cancellation));
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon-again", until), Operator, Cancellation));

        var truth = await ExpectedRowsAsync(logged => logged.At <= until);
        (await SeenAsync("noon")).ShouldBe(truth, ignoreOrder: true);
        (await SeenAsync("noon-again")).ShouldBe(truth, ignoreOrder: true);
        var registry = await host.RegistryAsync();
        var (first, second) = (registry.Find(2)!, registry.Find(3)!);
        (first.State, first.Snapshot, first.Until).ShouldBe((GenerationState.Snapshot, "noon", until));
        first.RowHash.ShouldBe(RowHash.Of(truth).Hash);
        second.RowHash.ShouldBe(first.RowHash);
        (await host.LiveAsync()).ShouldBe(1);
        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, 1);
    }

    [Fact]
    public async Task Snapshot_never_changes_and_is_never_promoted()
    {
        var counters = await WriteHistoryAsync(5, 500);
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("before", DateTimeOffset.UtcNow), Operator, Cancellation));
        var before = await SeenAsync("before");
        await Writer.CountAsync(counters, 3);
        await host.UntilCurrentAsync();

        (await SeenAsync("before")).ShouldBe(before);
        (await host.Control.PromoteAsync(2, Operator, Cancellation)).ShouldBeRefused(ErrorKind.Conflict, "generation-state", "is snapshot");
        (await host.Control.RollbackAsync(Operator, Cancellation)).Error!.Slug.ShouldBe("nothing-to-roll-back");
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        (await SeenAsync("before")).ShouldBe(before);
    }

    [Fact]
    public async Task Snapshot_with_future_time_or_duplicate_name_is_refused()
    {
        var host = await StartLiveAsync();
        (await host.Control.RebuildAsync(Of("later", DateTimeOffset.UtcNow.AddMinutes(1)), Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Invalid, "invalid-request", "A snapshot is of the past");

        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon", DateTimeOffset.UtcNow), Operator, Cancellation));

        (await host.Control.RebuildAsync(Of("noon", DateTimeOffset.UtcNow), Operator, Cancellation))
            .ShouldBeRefused(ErrorKind.Conflict, "snapshot-taken", "projections drop shop.counters 2");
        (await host.Control.ActionsAsync(10, Cancellation)).Count(action => action.Outcome == OperationState.Refused).ShouldBe(2);
    }

    [Fact]
    public async Task Dropped_snapshot_frees_its_name()
    {
        await WriteHistoryAsync(5, 500);
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon", DateTimeOffset.UtcNow), Operator, Cancellation));

        (await host.Control.DropAsync(2, Operator, Cancellation)).Error.ShouldBeNull();

        await ShouldBeGoneAsync(host, 2);
        (await Store.HasSnapshotAsync("noon")).ShouldBeFalse();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon", DateTimeOffset.UtcNow), Operator, Cancellation));
        (await SeenAsync("noon")).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Snapshot_has_dead_letters_for_a_bad_key()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((bad, new Counted(bad, 1)), (bad, new Counted(bad, SteeredProjection.Poison)), (bad, new Counted(bad, 1)));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);

        await host.UntilEndedAsync(await host.Control.RebuildAsync(Of("noon", DateTimeOffset.UtcNow), Operator, Cancellation));

        (await host.Control.DeadLettersAsync(10, Cancellation)).Count(deadLetter => deadLetter.Generation == 2).ShouldBe(2);
        (await SeenAsync("noon")).ShouldBe([new CounterRow(bad, 1, 1, null)]);
    }

    private static RebuildRequest Of(string name, DateTimeOffset until) => new(Promotion.None, until, name);
}
