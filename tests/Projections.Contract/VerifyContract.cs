using System.Text.Json;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Projections.Verification;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Projections.Contract;

public abstract class VerifyContract(StoreUnderTest store) : GenerationContract(store)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Verify_of_correct_rows_matches_and_leaves_nothing_behind()
    {
        await WriteHistoryAsync(50, 5_000);
        var host = await StartLiveAsync();

        var result = await VerifyAsync(host);

        var truth = await ExpectedRowsAsync();
        (result.Matches, result.Rows, result.DifferingRows, result.LogFaults.Count).ShouldBe((true, truth.Count, 0, 0));
        result.RowHash.ShouldBe(RowHash.Of(truth).Hash);
        await ShouldBeGoneAsync(host, 2);
        (await host.RegistryAsync()).Find(1)!.RowHash.ShouldBe(result.RowHash);
    }

    [Fact]
    public async Task Verify_under_load_reports_no_events_in_flight()
    {
        var counters = await WriteHistoryAsync(20, 5_000);
        var host = await StartLiveAsync();
        await using var load = new CountingLoad(Store, Writer, counters);

        await Eventually.HoldsAsync(TimeSpan.FromSeconds(20), "clients read", () => load.Reads > 0, Cancellation);
        var written = (await Logs.ReadShopAsync(Cancellation)).Count;

        var result = await VerifyAsync(host);

        ((await Logs.ReadShopAsync(Cancellation)).Count).ShouldBeGreaterThan(written, "nothing was written meanwhile");
        await load.ShouldHaveBeenFlawlessAsync();
        (result.Matches, result.DifferingRows).ShouldBe((true, 0));
    }

    [Fact]
    public async Task Verify_reports_changed_missing_and_added_rows()
    {
        var counters = SampleWriter.Streams(5);
        await Writer.CountAsync(counters, 3);
        var host = await StartLiveAsync();
        var added = Guid.CreateVersion7();
        await Store.DamageAsync(1, [new CounterRow(counters[0], 77, 3, null), new CounterRow(added, 1, 1, null)], [counters[1]]);

        var result = await VerifyAsync(host);

        (result.Matches, result.DifferingRows, result.RowHash).ShouldBe((false, 3, null));
        var differences = result.Differences.ToDictionary(difference => Guid.Parse(difference.Key));
        TotalOf(differences[counters[0]].Live).ShouldBe(77);
        TotalOf(differences[counters[0]].Replayed).ShouldBe(6);
        differences[counters[1]].Live.ShouldBeNull();
        TotalOf(differences[counters[1]].Replayed).ShouldBe(6);
        TotalOf(differences[added].Live).ShouldBe(1);
        differences[added].Replayed.ShouldBeNull();
        (await host.LiveAsync()).ShouldBe(1);
        await ShouldBeGoneAsync(host, 2);
    }

    [Fact]
    public async Task Verify_reports_a_gap_in_the_log()
    {
        var counters = SampleWriter.StreamsIn(0, 2);
        await Writer.CountAsync(counters, 5);
        var host = await StartLiveAsync();
        await Logs.RemoveAsync(Logs.Shop, new PartitionOffset(0, 4));

        var result = await VerifyAsync(host);

        result.Matches.ShouldBeFalse();
        result.LogFaults.ShouldContain(fault => fault.Contains("has 9 of the 10 offsets", StringComparison.Ordinal));
        result.LogFaults.ShouldContain(fault => fault.Contains(counters[0].ToString(), StringComparison.Ordinal));
        result.LogFaults.ShouldContain(fault => fault.Contains("not offset 4", StringComparison.Ordinal));
        await ShouldBeGoneAsync(host, 2);
    }

    /// <summary>The second run continues from the checkpoints of the first one and does not read the tampered copy again.</summary>
    [Fact]
    public async Task Verify_reports_a_tampered_copy_after_it_is_resumed()
    {
        await WriteHistoryAsync(10, 20_000);
        using var gate = new Gate(long.MaxValue);
        var copies = new TamperedCopies(Logs.NewTransport(), new LogPartition(Logs.Shop.Name, 0), 3);
        var first = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds, Transport = copies });
        await first.UntilAsync(1, GenerationState.Live);
        await first.UntilCurrentAsync();
        gate.CloseAfter(15_000);
        var verify = await first.Control.VerifyAsync(Operator, Cancellation);
        await gate.Reached;
        await EndAsync(first, gate);
        var second = await StartAsync(new CounterProjection(), new() { Limits = ProjectionOptions.InRounds });

        var result = ResultOf(await second.UntilEndedAsync(verify));

        (result.Matches, result.DifferingRows).ShouldBe((false, 0));
        result.LogFaults.ShouldHaveSingleItem().ShouldEndWith("differs from the event of the log in: actor");
        result.LogFaults[0].ShouldStartWith($"{Logs.Shop.Name}[0] offset 3: ");
        await ShouldBeGoneAsync(second, 2);
    }

    [Fact]
    public async Task Verify_names_logs_that_it_could_not_check()
    {
        await WriteHistoryAsync(5, 200);
        var host = await StartLiveAsync(new() { HasLogs = false });

        var verify = await host.UntilEndedAsync(await host.Control.VerifyAsync(Operator, Cancellation));

        (ResultOf(verify).Matches, ResultOf(verify).LogsElsewhere.ShouldHaveSingleItem()).ShouldBe((true, Logs.Shop.Name));
        verify.Detail.ShouldNotBeNull().ShouldEndWith($"; not looked at, since its module does not run in this host: {Logs.Shop.Name}");
        verify.Detail.ShouldNotContain("the log is whole");
    }

    [Fact]
    public async Task Verify_of_a_stopped_generation_fails_with_the_reason()
    {
        var counters = SampleWriter.StreamsIn(0, 2);
        await Writer.CountAsync(counters, 5);
        await (await StartLiveAsync()).DisposeAsync();
        (await BetweenHostsAsync(store => DamageCheckpointAsync(store, new LogPartition(Logs.Shop.Name, 0)))).ShouldBe(10);
        await Writer.CountAsync(counters, 5);
        var host = await StartAsync();
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(30),
            () => Task.FromResult(
                host.Status.Partitions.Any(partition => partition.Stopped is not null) ? null : "no partition is stopped"),
            Cancellation);

        var verify = await host.UntilEndedAsync(await host.Control.VerifyAsync(Operator, Cancellation), OperationState.Failed);

        verify.Detail.ShouldNotBeNull()
            .ShouldContain($"Generation 1 of shop.counters stands at offset 10 of {Logs.Shop.Name}[0] and does not get to 20");
        verify.Detail.ShouldContain("another event at offset 9");
        verify.Detail.ShouldContain("projections rebuild shop.counters");
        (verify.EndedAt!.Value - verify.StartedAt)
            .ShouldBeLessThan(TimeSpan.FromSeconds(20), "verify does not wait for a stopped partition");
        await ShouldBeGoneAsync(host, 2);
    }

    [Fact]
    public async Task Verify_limits_the_number_of_differing_rows()
    {
        const int rows = 12_000;
        const int most = 10_000;
        await Writer.CountAsync(SampleWriter.Streams(rows / SampleLogs.Partitions), 1);
        var host = await StartLiveAsync();
        await Store.DamageAsync(1, [.. (await SeenAsync()).Select(row => row with { Total = row.Total + 1 })], []);

        var verify = await host.UntilEndedAsync(await host.Control.VerifyAsync(Operator, Cancellation));

        var result = ResultOf(verify);
        (result.Matches, result.Rows, result.DifferingRows, result.MoreDiffer, result.RowHash, result.Differences.Count)
            .ShouldBe((false, rows, most, true, null, 100));
        verify.Detail.ShouldNotBeNull().ShouldStartWith($"at least {most} of {rows} rows of shop.counters differ");
    }

    [Fact]
    public async Task Verify_matches_rows_with_equal_dead_letters()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((bad, new Counted(bad, 1)), (bad, new Counted(bad, SteeredProjection.Poison)));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, GenerationState.Live);

        (await VerifyAsync(host)).Matches.ShouldBeTrue();
    }

    /// <summary>Stores another last event in a checkpoint of the live generation than the log has.</summary>
    /// <returns>The checkpoint of the partition.</returns>
    private static async Task<long> DamageCheckpointAsync(IProjectionStore<Guid, CounterRow> store, LogPartition partition)
    {
        var start = (await store.Registry.ClaimPartitionsAsync(1, [partition], Cancellation))[0];
        await using var batch = await store.BeginAsync(1, Cancellation);
        await batch.CommitAsync(
            new BatchCommit<Guid, CounterRow>(
                [],
                [
                    new CheckpointAdvance(
                        partition, start.Epoch, start.NextOffset, start.NextOffset, Guid.NewGuid(), start.Position, start.Source)
                ],
                [],
                []), Cancellation);
        return start.NextOffset;
    }

    private static long TotalOf(JsonElement? row) => row!.Value.GetProperty("total").GetInt64();

    private static async Task<VerifyResult> VerifyAsync(RunningProjection<CounterRow> host) =>
        ResultOf(await host.UntilEndedAsync(await host.Control.VerifyAsync(Operator, Cancellation)));

    private static VerifyResult ResultOf(Operation verify) => verify.Result!.Value.Deserialize<VerifyResult>(Web)!;
}
