using Microsoft.Extensions.Diagnostics.HealthChecks;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

public abstract class PoisonContract(StoreUnderTest store) : GenerationContract(store)
{
    [Fact]
    public async Task One_bad_event_parks_its_key_alone_and_a_mended_fold_makes_it_good()
    {
        await WriteHistoryAsync(10, TestScale.Of(100_000));
        var bad = await WriteBadKeyAsync(later: 700);
        await WriteHistoryAsync(10, 1_000, seed: 2);
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await Writer.CountAsync([bad], 3);
        await broken.UntilCurrentAsync();

        var letters = await broken.Control.DeadLettersAsync(10_000, Cancellation);
        letters.Count.ShouldBe(704);
        letters.ShouldAllBe(letter => letter.Key == bad.ToString());
        letters.Select(letter => letter.Offset).ShouldBe(letters.Select(letter => letter.Offset).Order());
        letters[0].Reason.ShouldNotBeNull().ShouldContain("cannot count by 13");
        letters.Skip(1).ShouldAllBe(letter => letter.Reason == null);
        await ShouldBeTheTruthAsync(broken, 1, logged => logged.Stream != bad || logged.Offset < letters[0].Offset);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), async () =>
                await broken.HealthAsync() is { Status: HealthStatus.Degraded } health
                    && health.Description!.Contains("704 events are parked", StringComparison.Ordinal)
                    ? null
                    : "degraded");

        await broken.DisposeAsync();
        var mended = await StartAsync();
        await mended.UntilEndedAsync(await mended.Control.RequeueAsync(null, Operator, Cancellation));

        (await mended.Control.DeadLettersAsync(10, Cancellation)).ShouldBeEmpty();
        await ShouldBeTheTruthAsync(mended, 1);
    }

    [Fact]
    public async Task A_requeue_that_fails_again_keeps_the_rest_in_order_and_says_why()
    {
        var bad = await WriteBadKeyAsync(later: 2);
        await Writer.AppendAsync((bad, new Counted(bad, 14)), (bad, new Counted(bad, 1)));
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await broken.DisposeAsync();
        var halfMended = await StartAsync(new SteeredProjection { Before = happened => SteeredProjection.ThrowAt(happened, 14) });

        var requeue = await halfMended.UntilEndedAsync(
            await halfMended.Control.RequeueAsync(bad.ToString(), Operator, Cancellation), OperationState.Failed);

        requeue.Detail.ShouldNotBeNull().ShouldContain("2 events are parked still");
        var letters = await halfMended.Control.DeadLettersAsync(10, Cancellation);
        letters.Select(letter => (letter.Offset, letter.Reason is not null, letter.Asked)).ShouldBe([(5, true, null), (6, false, null)]);
        letters[0].Reason!.ShouldContain("cannot count by 14");
        (await SeenAsync()).ShouldBe(await TruthAsync(logged => logged.Offset < 5));
        await ShouldBeTheTruthAsync(halfMended, 1, logged => logged.Offset < 5);
        await Writer.CountAsync([bad], 1);
        await halfMended.UntilCurrentAsync();
        (await halfMended.Control.DeadLettersAsync(10, Cancellation)).Select(letter => letter.Offset).ShouldBe([5, 6, 7]);

        await halfMended.DisposeAsync();
        var mended = await StartAsync();
        await mended.UntilEndedAsync(await mended.Control.RequeueAsync(bad.ToString(), Operator, Cancellation));
        await ShouldBeTheTruthAsync(mended, 1);
    }

    [Fact]
    public async Task What_is_discarded_is_passed_for_a_reason_that_is_kept()
    {
        var (bad, other) = (await WriteBadKeyAsync(later: 2), await WriteBadKeyAsync(later: 1));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await host.UntilEndedAsync(await host.Control.DiscardAsync(bad.ToString(), "only a test", Operator, Cancellation));

        (await host.Control.ActionsAsync(10, Cancellation))
            .First(action => action.Outcome == OperationState.Done && action.Action.StartsWith("discard", StringComparison.Ordinal)).Action
            .ShouldBe($"discard {bad}: only a test");
        (await host.Control.DeadLettersAsync(10, Cancellation)).ShouldAllBe(letter => letter.Key == other.ToString());
        await Writer.CountAsync([bad], 1);
        await host.UntilCurrentAsync();
        (await SeenAsync())
            .Single(row => row.CounterId == bad)
            .ShouldBe(new CounterRow(bad, 4, 3, null), "two before the bad event, one after the discard");
    }

    [Fact]
    public async Task A_thousand_bad_keys_hold_nobody_up()
    {
        var counters = await WriteHistoryAsync(10, 2_000);
        var bad = SampleWriter.Streams(TestScale.Of(1_000) / SampleLogs.Partitions);
        await Writer.AppendAsync([.. bad.Select(counter => (counter, (IEvent)new Counted(counter, SteeredProjection.Poison)))]);
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await Writer.CountAsync([.. bad, .. counters], 3);
        await host.UntilCurrentAsync();

        await ShouldBeTheTruthAsync(host, 1, logged => !bad.Contains(logged.Stream));
        (await host.Control.DeadLettersAsync(int.MaxValue, Cancellation)).Count.ShouldBe(4 * bad.Length);
        await host.DisposeAsync();
        var mended = await StartAsync();
        await mended.UntilEndedAsync(await mended.Control.RequeueAsync(null, Operator, Cancellation));
        await ShouldBeTheTruthAsync(mended, 1);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_row_that_the_store_refuses_parks_its_key_alone_in_a_build(bool inMemory)
    {
        await WriteHistoryAsync(10, 6_000);
        var bad = await WriteRefusedAsync();
        var host =
            await StartAsync(new CounterProjection(), new() { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await ShouldHaveParkedAsync(host, bad);
    }

    [Fact]
    public async Task A_row_that_the_store_refuses_parks_its_key_alone_where_it_is_live()
    {
        await WriteHistoryAsync(10, 1_000);
        var host = await StartLiveAsync();
        await WriteHistoryAsync(10, 5_000, seed: 2);
        var bad = await WriteRefusedAsync();
        await host.UntilCurrentAsync();

        await ShouldHaveParkedAsync(host, bad);
    }

    [Fact]
    public async Task A_rebuild_that_would_make_answers_worse_waits_for_an_operator()
    {
        await WriteHistoryAsync(5, 1_000);
        var bad = await WriteBadKeyAsync(later: 2);
        var good = await StartLiveAsync();
        await good.DisposeAsync();
        var broken = await StartAsync(SteeredProjection.Broken());

        var rebuild = await broken.UntilEndedAsync(await broken.Control.RebuildAsync(Auto, Operator, Cancellation));

        rebuild.Detail.ShouldNotBeNull().ShouldContain("parked keys that the live generation has not");
        (await broken.UntilAsync(2, GenerationState.Ready)).Reason!.ShouldContain("parked keys");
        (await broken.LiveAsync()).ShouldBe(1);
        (await SeenAsync()).ShouldContain(row => row.CounterId == bad && row.Total > SteeredProjection.Poison);
        await broken.UntilEndedAsync(await broken.Control.PromoteAsync(2, Operator, Cancellation));
        (await broken.LiveAsync()).ShouldBe(2, "an operator may do what the engine does not");
    }

    [Fact]
    public async Task A_rebuild_with_mended_code_leaves_no_dead_letter()
    {
        await WriteBadKeyAsync(later: 10);
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await broken.DisposeAsync();
        var mended = await StartAsync();

        await mended.UntilEndedAsync(await mended.Control.RebuildAsync(Auto, Operator, Cancellation));

        await ShouldBeTheTruthAsync(mended, 2);
        (await mended.Control.ReportAsync(Cancellation)).DeadLetters.ShouldBe(0);
        await mended.UntilEndedAsync(await mended.Control.RebuildAsync(Auto, Operator, Cancellation));
        (await mended.LiveAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_rebuild_over_the_same_bad_key_takes_over_by_itself()
    {
        var bad = await WriteBadKeyAsync(later: 10);
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));

        (await host.LiveAsync()).ShouldBe(2);
        (await host.Control.ReportAsync(Cancellation)).DeadLetters.ShouldBe(11);
        await Writer.CountAsync([bad], 1);
        await host.UntilCurrentAsync();
        (await host.Control.ReportAsync(Cancellation)).DeadLetters.ShouldBe(12);
    }

    private async Task ShouldHaveParkedAsync(RunningProjection<CounterRow> host, Guid bad)
    {
        var letters = await host.Control.DeadLettersAsync(10, Cancellation);
        letters.Count.ShouldBe(2);
        letters.ShouldAllBe(letter => letter.Key == bad.ToString());
        letters[0].Reason.ShouldNotBeNull().ShouldContain(Store.Refused.Reason);
        await ShouldBeTheTruthAsync(host, await host.LiveAsync(), logged => logged.Stream != bad || logged.Offset < letters[0].Offset);
    }

    // Two good events, a bad one, and later ones.
    private async Task<Guid> WriteBadKeyAsync(int later)
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.CountAsync([bad], 2);
        await Writer.AppendAsync((bad, new Counted(bad, SteeredProjection.Poison)));
        await Writer.AppendAsync([.. Enumerable.Range(0, later).Select(_ => (bad, (IEvent)new Counted(bad, 1)))]);
        return bad;
    }

    private async Task<Guid> WriteRefusedAsync()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.CountAsync([bad], 1);
        await Writer.AppendAsync([(bad, "shop.named.v1", $$"""{"counterId":"{{bad}}","name":"{{Store.Refused.Name}}"}""")]);
        await Writer.CountAsync([bad], 1);
        return bad;
    }
}
