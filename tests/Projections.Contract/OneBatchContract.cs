using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Projections that are not keyed by the stream, whose batches run one at a time; for stores that support them.</summary>
public abstract class OneBatchContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task Dead_letters_of_several_logs_are_requeued_in_order()
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
        (await host.Control.DeadLettersAsync(10, Cancellation)).Select(deadLetter => (deadLetter.Type, deadLetter.Key)).ShouldBe(
            [("shop.counted.v1", bad.ToString()), ("depot.stocked.v1", bad.ToString()), ("shop.counted.v1", bad.ToString())]);

        await host.DisposeAsync();
        var repaired = await StartAsync(new CounterProjection(), new() { Definition = definition });
        await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(null, Operator, Cancellation));

        (await SeenAsync()).ShouldBe([new CounterRow(bad, 115, 4, null)]);
    }

    [Fact]
    public async Task Failed_rebuild_reports_its_reason_and_keeps_the_live_generation()
    {
        await WriteHistoryAsync(5, 1_000);
        var host = await StartAsync(new CounterProjection(), new() { Definition = SampleProjections.Serialized(Logs.Shop.Catalogue) });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        var truth = await ExpectedRowsAsync();
        await Writer.AppendAsync([(SampleWriter.StreamsIn(0, 1)[0], "shop.counted.v1", "null")]);

        var rebuild = await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation), OperationState.Failed);

        rebuild.Detail.ShouldNotBeNull().ShouldContain("its data is null");
        (await host.UntilAsync(2, GenerationState.Failed)).Reason!.ShouldContain("its data is null");
        await ShouldBeGoneAsync(host, 2);
        (await SeenAsync()).ShouldBe(truth, ignoreOrder: true);
    }
}
