using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;

using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>What is not keyed by the stream, so that its batches come one at a time; for stores that take such projections.</summary>
public abstract class OneBatchContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task A_key_of_several_logs_is_parked_and_requeued_in_the_order_in_which_it_came()
    {
        var depot = Logs.WriterOf(Logs.Depot);
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        var elsewhere = SampleWriter.StreamsIn(3, 1)[0];
        var definition = SampleProjections.Serialized(Logs.Shop.Catalogue, Logs.Depot.Catalogue);
        var host = await StartAsync(SteeredProjection.Broken(), new() { Definition = definition });
        await host.UntilAsync(1, GenerationState.Live);
        await Writer.AppendAsync((bad, new Counted(bad, 1)), (bad, new Counted(bad, SteeredProjection.Poison)));
        await host.UntilCurrentAsync();
        await depot.AppendAsync((elsewhere, new Stocked(bad, 100)));
        await host.UntilCurrentAsync();
        await Writer.CountAsync([bad], 1);
        await host.UntilCurrentAsync();
        (await host.Control.DeadLettersAsync(10, Cancellation)).Select(letter => (letter.Type, letter.Key)).ShouldBe(
            [("shop.counted.v1", bad.ToString()), ("depot.stocked.v1", bad.ToString()), ("shop.counted.v1", bad.ToString())]);

        await host.DisposeAsync();
        var mended = await StartAsync(new CounterProjection(), new() { Definition = definition });
        await mended.UntilEndedAsync(await mended.Control.RequeueAsync(null, Operator, Cancellation));

        (await SeenAsync()).ShouldBe([new CounterRow(bad, 115, 4, null)]);
    }

    [Fact]
    public async Task A_build_that_cannot_succeed_fails_with_its_reason_and_leaves_the_live_one_alone()
    {
        await WriteHistoryAsync(5, 1_000);
        var host = await StartAsync(new CounterProjection(), new() { Definition = SampleProjections.Serialized(Logs.Shop.Catalogue) });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        var truth = await TruthAsync();
        await Writer.AppendAsync([(SampleWriter.StreamsIn(0, 1)[0], "shop.counted.v1", "null")]);

        var rebuild = await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation), OperationState.Failed);

        rebuild.Detail.ShouldNotBeNull().ShouldContain("its data is null");
        (await host.UntilAsync(2, GenerationState.Failed)).Reason!.ShouldContain("its data is null");
        await ShouldBeGoneAsync(host, 2);
        (await SeenAsync()).ShouldBe(truth, ignoreOrder: true);
    }
}
