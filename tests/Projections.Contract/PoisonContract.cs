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
    public async Task Dead_letters_of_one_key_are_requeued_after_a_fix()
    {
        await WriteHistoryAsync(10, TestScale.Of(100_000));
        var bad = await WriteBadKeyAsync(later: 700);
        await WriteHistoryAsync(10, 1_000, seed: 2);
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await Writer.CountAsync([bad], 3);
        await broken.UntilCurrentAsync();

        var deadLetters = await broken.Control.DeadLettersAsync(10_000, Cancellation);
        deadLetters.Count.ShouldBe(704);
        deadLetters.ShouldAllBe(deadLetter => deadLetter.Key == bad.ToString());
        deadLetters.Select(deadLetter => deadLetter.Offset).ShouldBe(deadLetters.Select(deadLetter => deadLetter.Offset).Order());
        deadLetters[0].Reason.ShouldNotBeNull().ShouldContain("cannot count by 13");
        deadLetters.Skip(1).ShouldAllBe(deadLetter => deadLetter.Reason == null);
        await ShouldMatchLogAsync(broken, 1, logged => logged.Stream != bad || logged.Offset < deadLetters[0].Offset);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20), async () =>
                await broken.HealthAsync() is { Status: HealthStatus.Degraded } health
                    && health.Description!.Contains("704 events are dead letters", StringComparison.Ordinal)
                    ? null
                    : "not degraded");

        await broken.DisposeAsync();
        var repaired = await StartAsync();
        await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(null, Operator, Cancellation));

        (await repaired.Control.DeadLettersAsync(10, Cancellation)).ShouldBeEmpty();
        await ShouldMatchLogAsync(repaired, 1);
    }

    [Fact]
    public async Task Failed_requeue_keeps_later_events_in_order_with_the_reason()
    {
        var bad = await WriteBadKeyAsync(later: 2);
        await Writer.AppendAsync((bad, new Counted(bad, 14)), (bad, new Counted(bad, 1)));
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await broken.DisposeAsync();
        var partlyRepaired = await StartAsync(new SteeredProjection { Before = happened => SteeredProjection.ThrowAt(happened, 14) });

        var requeue = await partlyRepaired.UntilEndedAsync(
            await partlyRepaired.Control.RequeueAsync(bad.ToString(), Operator, Cancellation), OperationState.Failed);

        requeue.Detail.ShouldNotBeNull().ShouldContain("2 dead letters remain");
        var deadLetters = await partlyRepaired.Control.DeadLettersAsync(10, Cancellation);
        deadLetters.Select(deadLetter => (deadLetter.Offset, deadLetter.Reason is not null, deadLetter.Asked))
            .ShouldBe([(5, true, null), (6, false, null)]);
        deadLetters[0].Reason!.ShouldContain("cannot count by 14");
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(logged => logged.Offset < 5));
        await ShouldMatchLogAsync(partlyRepaired, 1, logged => logged.Offset < 5);
        await Writer.CountAsync([bad], 1);
        await partlyRepaired.UntilCurrentAsync();
        (await partlyRepaired.Control.DeadLettersAsync(10, Cancellation)).Select(deadLetter => deadLetter.Offset).ShouldBe([5, 6, 7]);

        await partlyRepaired.DisposeAsync();
        var repaired = await StartAsync();
        await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(bad.ToString(), Operator, Cancellation));
        await ShouldMatchLogAsync(repaired, 1);
    }

    [Fact]
    public async Task Discarded_dead_letters_are_skipped_and_the_reason_is_recorded()
    {
        var (bad, other) = (await WriteBadKeyAsync(later: 2), await WriteBadKeyAsync(later: 1));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await host.UntilEndedAsync(await host.Control.DiscardAsync(bad.ToString(), "only a test", Operator, Cancellation));

        (await host.Control.ActionsAsync(10, Cancellation))
            .First(action => action.Outcome == OperationState.Done && action.Action.StartsWith("discard", StringComparison.Ordinal)).Action
            .ShouldBe($"discard {bad}: only a test");
        (await host.Control.DeadLettersAsync(10, Cancellation)).ShouldAllBe(deadLetter => deadLetter.Key == other.ToString());
        await Writer.CountAsync([bad], 1);
        await host.UntilCurrentAsync();
        (await SeenAsync())
            .Single(row => row.CounterId == bad)
            .ShouldBe(new CounterRow(bad, 4, 3, null), "two before the bad event, one after the discard");
    }

    [Fact]
    public async Task Thousand_bad_keys_do_not_block_other_keys()
    {
        var counters = await WriteHistoryAsync(10, 2_000);
        var bad = SampleWriter.Streams(TestScale.Of(1_000) / SampleLogs.Partitions);
        await Writer.AppendAsync([.. bad.Select(counter => (counter, (IEvent)new Counted(counter, SteeredProjection.Poison)))]);
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await Writer.CountAsync([.. bad, .. counters], 3);
        await host.UntilCurrentAsync();

        await ShouldMatchLogAsync(host, 1, logged => !bad.Contains(logged.Stream));
        (await host.Control.DeadLettersAsync(int.MaxValue, Cancellation)).Count.ShouldBe(4 * bad.Length);
        await host.DisposeAsync();
        var repaired = await StartAsync();
        await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(null, Operator, Cancellation));
        await ShouldMatchLogAsync(repaired, 1);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Row_refused_during_a_build_affects_only_its_key(bool inMemory)
    {
        await WriteHistoryAsync(10, 6_000);
        var bad = await WriteRefusedAsync();
        var host =
            await StartAsync(new CounterProjection(), new() { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();

        await ShouldHaveDeadLettersAsync(host, bad);
    }

    [Fact]
    public async Task Row_refused_in_a_live_batch_affects_only_its_key()
    {
        await WriteHistoryAsync(10, 1_000);
        var host = await StartLiveAsync();
        await WriteHistoryAsync(10, 5_000, seed: 2);
        var bad = await WriteRefusedAsync();
        await host.UntilCurrentAsync();

        await ShouldHaveDeadLettersAsync(host, bad);
    }

    [Fact]
    public async Task Rebuild_with_new_dead_letters_waits_for_an_operator()
    {
        await WriteHistoryAsync(5, 1_000);
        var bad = await WriteBadKeyAsync(later: 2);
        var good = await StartLiveAsync();
        await good.DisposeAsync();
        var broken = await StartAsync(SteeredProjection.Broken());

        var rebuild = await broken.UntilEndedAsync(await broken.Control.RebuildAsync(Auto, Operator, Cancellation));

        rebuild.Detail.ShouldNotBeNull().ShouldContain("dead letters for keys without any in the live generation");
        (await broken.UntilAsync(2, GenerationState.Ready)).Reason!.ShouldContain("dead letters for keys");
        (await broken.LiveAsync()).ShouldBe(1);
        (await SeenAsync()).ShouldContain(row => row.CounterId == bad && row.Total > SteeredProjection.Poison);
        await broken.UntilEndedAsync(await broken.Control.PromoteAsync(2, Operator, Cancellation));
        (await broken.LiveAsync()).ShouldBe(2, "an operator may promote what the engine does not");
    }

    [Fact]
    public async Task Rebuild_with_fixed_code_leaves_no_dead_letters()
    {
        await WriteBadKeyAsync(later: 10);
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await broken.DisposeAsync();
        var repaired = await StartAsync();

        await repaired.UntilEndedAsync(await repaired.Control.RebuildAsync(Auto, Operator, Cancellation));

        await ShouldMatchLogAsync(repaired, 2);
        (await repaired.Control.ReportAsync(Cancellation)).DeadLetters.ShouldBe(0);
        await repaired.UntilEndedAsync(await repaired.Control.RebuildAsync(Auto, Operator, Cancellation));
        (await repaired.LiveAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task Rebuild_with_the_same_dead_letters_is_promoted_automatically()
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

    private async Task ShouldHaveDeadLettersAsync(RunningProjection<CounterRow> host, Guid bad)
    {
        var deadLetters = await host.Control.DeadLettersAsync(10, Cancellation);
        deadLetters.Count.ShouldBe(2);
        deadLetters.ShouldAllBe(deadLetter => deadLetter.Key == bad.ToString());
        deadLetters[0].Reason.ShouldNotBeNull().ShouldContain(Store.Refused.Reason);
        await ShouldMatchLogAsync(host, await host.LiveAsync(), logged => logged.Stream != bad || logged.Offset < deadLetters[0].Offset);
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
