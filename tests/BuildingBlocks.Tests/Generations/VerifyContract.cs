using System.Text.Json;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Tests.Sample;

namespace Monolith.BuildingBlocks.Tests.Generations;

public abstract class VerifyContract(TestPostgres postgres, StoreUnderTest store) : GenerationContract(postgres, store)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task What_the_log_makes_matches_and_leaves_nothing_behind()
    {
        await WriteHistoryAsync(50, 5_000);
        var host = await StartLiveAsync();

        var result = await VerifyAsync(host);

        var truth = await TruthAsync();
        (result.Matches, result.Rows, result.DifferingRows, result.LogFaults.Count).ShouldBe((true, truth.Count, 0, 0));
        result.RowHash.ShouldBe(RunningProjection<CounterRow>.HashOf(truth).Hash);
        await ShouldBeGoneAsync(host, 2);
        (await host.RegistryAsync()).Find(1)!.RowHash.ShouldBe(result.RowHash);
    }

    [Fact]
    public async Task Under_load_it_finds_nothing_that_is_only_on_its_way()
    {
        var counters = await WriteHistoryAsync(20, 5_000);
        var host = await StartLiveAsync();
        await using var load = new CountingLoad(Store, Writer, counters);

        var result = await VerifyAsync(host);

        await load.EndAsync();
        load.Faults.ShouldBeEmpty();
        (result.Matches, result.DifferingRows).ShouldBe((true, 0));
    }

    [Fact]
    public async Task Rows_changed_missing_and_added_by_hand_are_found_with_both_rows()
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
    public async Task A_hole_in_the_log_is_found()
    {
        var counters = SampleWriter.StreamsIn(0, 2);
        await Writer.CountAsync(counters, 5);
        var host = await StartLiveAsync();
        await using (var connection = await Database.Superuser.OpenConnectionAsync(Cancellation))
        {
            await using var hole = connection.CreateCommand();
            hole.CommandText = """set session_replication_role = replica; delete from shop.events where partition = 0 and "offset" = 4; reset session_replication_role""";
            await hole.ExecuteNonQueryAsync(Cancellation);
        }

        var result = await VerifyAsync(host);

        result.Matches.ShouldBeFalse();
        result.LogFaults.ShouldContain(fault => fault.Contains("has 9 of the 10 offsets", StringComparison.Ordinal));
        result.LogFaults.ShouldContain(fault => fault.Contains(counters[0].ToString(), StringComparison.Ordinal));
        result.LogFaults.ShouldContain(fault => fault.Contains("not offset 4", StringComparison.Ordinal));
        await ShouldBeGoneAsync(host, 2);
    }

    [Fact]
    public async Task A_row_that_is_parked_is_the_same_on_both_sides()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((bad, new Counted(bad, 1)), (bad, new Counted(bad, SteeredProjection.Poison)));
        var host = await StartAsync(SteeredProjection.Broken());
        await host.UntilAsync(1, Monolith.BuildingBlocks.Projections.Generations.GenerationState.Live);

        (await VerifyAsync(host)).Matches.ShouldBeTrue();
    }

    private static long TotalOf(JsonElement? row) => row!.Value.GetProperty("total").GetInt64();

    private static async Task<VerifyResult> VerifyAsync(RunningProjection<CounterRow> host)
    {
        var verify = await host.UntilEndedAsync(await host.Control.VerifyAsync(Operator, Cancellation));
        return verify.Result!.Value.Deserialize<VerifyResult>(Web)!;
    }
}
