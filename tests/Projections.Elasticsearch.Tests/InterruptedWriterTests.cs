using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;
using Monolith.Testing.Processes;

namespace Monolith.Projections.Elasticsearch.Tests;

/// <summary>
/// Rows, dead letters and checkpoints are three separate writes. After any interruption between them, each event is applied once.
/// </summary>
[Collection(TestElasticsearch.Turns)]
[Trait("Category", "Module")]
public sealed class InterruptedWriterTests(TestElasticsearch elasticsearch) : GenerationContract(new ElasticsearchUnderTest(elasticsearch))
{
    private const int OneIn = 12;
    private const int RequestsOfARebuild = 150;

    private ElasticsearchUnderTest Elasticsearch => (ElasticsearchUnderTest)Store;

    [Theory, InlineData(true), InlineData(false)]
    public async Task Lost_requests_do_not_change_rows_or_dead_letters(bool inMemory)
    {
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var faults = 0L;
        Elasticsearch.Handler = () => new FaultyNetwork(_ => FaultOf(random, ref faults));
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        var options = new ProjectionOptions { Limits = inMemory ? RebuildLimits.Default : ProjectionOptions.InRounds };
        await WriteHistoryAsync(5, 3_000);
        await Writer.AppendAsync((bad, new Counted(bad, 1)), (bad, new Counted(bad, SteeredProjection.Poison)), (bad, new Counted(bad, 2)));

        var broken = await StartAsync(SteeredProjection.Broken(), options);
        await broken.UntilAsync(1, GenerationState.Live);
        for (var more = 0; more < 10; more++)
        {
            await WriteHistoryAsync(5, 100, seed: 2 + more);
            await Writer.CountAsync([bad], 1);
            await broken.UntilCurrentAsync();
        }

        var offsets =
            (await Logs.ReadShopAsync(Cancellation)).Where(record => record.StreamId == bad).Select(record => record.Offset).ToArray();
        (await broken.Control.DeadLettersAsync(100, Cancellation))
            .Select(deadLetter => deadLetter.Offset)
            .ShouldBe(offsets.Skip(1), TestSeed.Shown(seed));
        await ShouldMatchLogAsync(broken, 1, logged => logged.Stream != bad || logged.Offset == offsets[0]);
        await broken.DisposeAsync();
        var repaired = await StartAsync(options: options);
        await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(null, Operator, Cancellation));
        await ShouldMatchLogAsync(repaired, 1);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true, TestSeed.Shown(seed));
        Interlocked.Read(ref faults).ShouldBeGreaterThan(10, TestSeed.Shown(seed));
    }

    [Fact]
    public async Task Requeue_that_ends_between_two_reads_is_done()
    {
        var bad = SampleWriter.StreamsIn(0, 1)[0];
        await Writer.AppendAsync((bad, new Counted(bad, SteeredProjection.Poison)), (bad, new Counted(bad, 2)));
        var broken = await StartAsync(SteeredProjection.Broken());
        await broken.UntilAsync(1, GenerationState.Live);
        await broken.UntilCurrentAsync();
        await broken.DisposeAsync();
        using var gate = new Gate(0);
        RunningProjection<CounterRow>? repaired = null;
        var looks = 0;
        Elasticsearch.Handler = () => new SteppedNetwork(async request =>
        {
            if (!gate.Reached.IsCompleted || !await LooksAtARequestAsync(request) || ++looks != 2)
                return;
            // The request is pending at the first read and completed before the second.
            gate.Open();
            await Eventually.HoldsAsync(
                TimeSpan.FromSeconds(30),
                async () => (await repaired!.Control.DeadLettersAsync(1, Cancellation)).Count > 0 ? "the dead letter remains" : null,
                Cancellation);
        });
        repaired = await StartAsync(gate.Fold);

        var requeue = await repaired.UntilEndedAsync(await repaired.Control.RequeueAsync(null, Operator, Cancellation));

        requeue.Detail.ShouldBe("the events are applied");
        looks.ShouldBeGreaterThanOrEqualTo(2);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Writer_stopped_before_the_checkpoint_applies_no_event_twice()
    {
        await WriteHistoryAsync(5, 500);
        await (await StartLiveAsync()).DisposeAsync();
        var (cuts, cut) = (false, 0);
        Elasticsearch.Handler = () =>
            new FaultyNetwork(
                request => Volatile.Read(ref cuts) && IsCheckpoint(request) ? Counted(ref cut, Fault.RequestLost) : Fault.None);
        var ends = await StartAsync();
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(30),
            () => Task.FromResult(ends.Status.Partitions.Count == SampleLogs.Partitions ? null : "it owns no partition yet"),
            Cancellation);
        // From here on rows are written, but checkpoints are not.
        Volatile.Write(ref cuts, true);
        await WriteHistoryAsync(5, 500, seed: 2);
        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(30), () => Task.FromResult(Volatile.Read(ref cut) > 3 ? null : "it writes no row"), Cancellation);
        await ends.DisposeAsync();

        Elasticsearch.Handler = null;
        var next = await StartAsync();
        await next.UntilCurrentAsync();

        await ShouldMatchLogAsync(next, 1);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Server_killed_during_builds_and_live_batches_loses_nothing()
    {
        var server = await elasticsearch.ServerAsync();
        var seed = TestSeed.Next();
        TestContext.Current.TestOutputHelper?.WriteLine(TestSeed.Shown(seed));
        var random = new Random(seed);
        var requests = 0;
        Elasticsearch.Handler = () => new FaultyNetwork(_ => Counted(ref requests, Fault.None));
        var counters = await WriteHistoryAsync(20, 20_000);
        var host = await StartLiveAsync(new() { Limits = ProjectionOptions.InRounds });
        for (var kill = 0; kill < TestScale.Of(10); kill++)
        {
            var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
            rebuild.Error.ShouldBeNull();
            using var writing = new CancellationTokenSource();
            var writes = Task.Run(() => WriteUntilAsync(counters, writing.Token), Cancellation);
            var moment = Volatile.Read(ref requests) + random.Next(1, RequestsOfARebuild);
            await Eventually.HoldsAsync(
                TimeSpan.FromSeconds(30), "requests stop", () => Volatile.Read(ref requests) >= moment, Cancellation);
            await server.KillAsync();
            await writing.CancelAsync();
            await writes;
            // Events arrive during the outage, but fewer than the host applies while the server starts slowly.
            await Writer.CountAsync(counters, 5);
            await server.RestartAsync();
            await host.UntilEndedAsync(rebuild);
        }

        await host.UntilCurrentAsync();
        await ShouldMatchLogAsync(host, await host.LiveAsync());
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true, TestSeed.Shown(seed));
    }

    [Fact]
    public async Task Blocked_index_delays_its_build_until_unblocked()
    {
        await WriteHistoryAsync(20, 10_000);
        using var gate = new Gate(long.MaxValue);
        var host = await StartAsync(gate.Fold, new() { Limits = ProjectionOptions.InRounds });
        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        gate.CloseAfter(5_000);
        var rebuild = await host.Control.RebuildAsync(Auto, Operator, Cancellation);
        await gate.Reached;
        (
            await Elasticsearch.Client.SendAsync(
                new ElasticsearchRequest(HttpMethod.Put, $"{Elasticsearch.Names.Of(2)}/_block/write"), RetryPolicy.OfSteps, Cancellation))
            .EnsureSuccess();
        gate.Open();

        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(30), () =>
                Task.FromResult(
                    Elasticsearch.Log.Entries.Any(entry => entry.Message.Contains("takes no writes", StringComparison.Ordinal))
                        ? null
                        : "no alarm"), Cancellation);
        (await SeenAsync()).Count.ShouldBe((await ExpectedRowsAsync()).Count, "the live generation serves");
        await Elasticsearch.UnblockAsync(Elasticsearch.Names.Of(2));

        await host.UntilEndedAsync(rebuild);
        (await host.LiveAsync()).ShouldBe(2);
        await ShouldMatchLogAsync(host, 2);
    }

    [Fact]
    public async Task Next_batch_removes_a_block_left_by_a_promotion()
    {
        var host = await StartLiveAsync();
        var note = """{"kind":"freeze","until":0}""";
        (
            await Elasticsearch.Client.SendAsync(
                ElasticsearchRequest.Put($"{Elasticsearch.Names.Registry}/_doc/freeze-g1", note), RetryPolicy.OfSteps, Cancellation))
            .EnsureSuccess();
        (
            await Elasticsearch.Client.SendAsync(
                new ElasticsearchRequest(HttpMethod.Put, $"{Elasticsearch.Names.Of(1)}/_block/write"), RetryPolicy.OfSteps, Cancellation))
            .EnsureSuccess();

        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await host.UntilCurrentAsync();

        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Moved_alias_is_restored()
    {
        await WriteHistoryAsync(5, 200);
        var host = await StartLiveAsync();
        await host.UntilEndedAsync(await host.Control.RebuildAsync(Auto, Operator, Cancellation));
        var (alias, now, before) = (Elasticsearch.Names.Alias, Elasticsearch.Names.Of(2), Elasticsearch.Names.Of(1));
        var back = $$$"""{"actions":[{"remove":{"index":"{{{now}}}","alias":"{{{alias}}}"}},{"add":{"index":"{{{before}}}","alias":"{{{alias}}}"}}]}""";
        (await Elasticsearch.Client.SendAsync(ElasticsearchRequest.Post("_aliases", back), RetryPolicy.OfSteps, Cancellation))
            .EnsureSuccess();
        await Writer.CountAsync(SampleWriter.Streams(1), 2);
        await host.UntilCurrentAsync();

        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(10),
            async () => (await SeenAsync()).Count == (await ExpectedRowsAsync()).Count ? null : "queries read the old rows",
            Cancellation);
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Lost_registry_discards_rows_and_keeps_numbering_generations()
    {
        await WriteHistoryAsync(5, 200);
        await (await StartLiveAsync()).DisposeAsync();
        (await Elasticsearch.Client.SendAsync(ElasticsearchRequest.Delete(Elasticsearch.Names.Registry), RetryPolicy.OfSteps, Cancellation))
            .EnsureSuccess();

        var host = await StartAsync();

        await host.UntilAsync(2, GenerationState.Live);
        await host.UntilCurrentAsync();
        (await Store.HasRowsAsync(1)).ShouldBeFalse();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Unavailable_server_delays_only_its_own_queries()
    {
        await WriteHistoryAsync(5, 200);
        var away = true;
        Elasticsearch.Handler = () => new FaultyNetwork(_ => Volatile.Read(ref away) ? Fault.RequestLost : Fault.None);
        var host = await StartAsync();

        await Eventually.HoldsAsync(
            TimeSpan.FromSeconds(20),
            async () =>
                (await host.HealthAsync()) is
                {
                    Status: Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Degraded,
                    Description: { } why,
                }
                    && why.Contains("does not answer", StringComparison.Ordinal)
                    ? null
                    : "health is not degraded",
            Cancellation);
        await Should.ThrowAsync<StorageUnavailableException>(() => SeenAsync());
        Volatile.Write(ref away, false);

        await host.UntilAsync(1, GenerationState.Live);
        await host.UntilCurrentAsync();
        (await SeenAsync()).ShouldBe(await ExpectedRowsAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Older_writer_restores_no_deleted_row()
    {
        var counter = SampleWriter.StreamsIn(0, 1)[0];
        var (opened, closeAsync) = Store.Open<CounterRow>(SampleProjections.Concurrent(Logs.Shop.Catalogue));
        var store = (ElasticsearchStore<Guid, CounterRow>)opened;
        await store.Registry.PrepareAsync(Cancellation);
        var partition = new LogPartition(Logs.Shop.Name, 0);
        var old = (await store.Registry.ClaimPartitionsAsync(1, [partition], Cancellation)).Single();
        var now = (await store.Registry.ClaimPartitionsAsync(1, [partition], Cancellation)).Single();
        await CommitAsync(store, now, 5, new RowChange<Guid, CounterRow>(counter, null) { Offset = new RowOffset(0, 5) });

        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(store, old, 3, Row(counter, 3)));
        await store.Rows.WriteAsync(1, [Row(counter, 3)], Cancellation);

        store.Rows.AlreadyNewer.ShouldBe(1);
        (await store.FindAsync(1, [counter], Cancellation)).ShouldBeEmpty();
        (await store.ScanAsync(1, null, 10, Cancellation)).ShouldBeEmpty();
        await CommitAsync(store, now with { NextOffset = 5 }, 7, Row(counter, 7));
        (await store.FindAsync(1, [counter], Cancellation)).ShouldHaveSingleItem().Total.ShouldBe(7);
        await closeAsync();
    }

    private static RowChange<Guid, CounterRow> Row(Guid counter, long next) =>
        new(counter, new CounterRow(counter, next, 1, null)) { Offset = new RowOffset(0, next) };

    private static async Task CommitAsync(
        ElasticsearchStore<Guid, CounterRow> store, Checkpoint from, long to, RowChange<Guid, CounterRow> change)
    {
        await using var batch = await store.BeginAsync(1, Cancellation);
        await batch.LoadAsync([change.Key], [], [], Cancellation);
        var advance = new CheckpointAdvance(from.Partition, from.Epoch, from.NextOffset, to, Guid.CreateVersion7(), to, "test");
        await batch.CommitAsync(new BatchCommit<Guid, CounterRow>([change], [advance], [], []), Cancellation);
    }

    private async Task WriteUntilAsync(Guid[] counters, CancellationToken ending)
    {
        while (!ending.IsCancellationRequested)
            await Writer.CountAsync(counters, 1);
    }

    private static Fault FaultOf(Random random, ref long faults)
    {
        lock (random)
        {
            if (random.Next(OneIn) != 0)
                return Fault.None;
            faults++;
            return (Fault)random.Next(1, 4);
        }
    }

    private static Fault Counted(ref int count, Fault fault)
    {
        Interlocked.Increment(ref count);
        return fault;
    }

    private static async Task<bool> LooksAtARequestAsync(HttpRequestMessage request) =>
        request.RequestUri!.ToString().EndsWith("_search", StringComparison.Ordinal)
        && await request.Content!.ReadAsStringAsync(Cancellation) is var body
        && body.Contains("\"operation\"", StringComparison.Ordinal)
        && !body.Contains("seq_no_primary_term", StringComparison.Ordinal);

    private static bool IsCheckpoint(HttpRequestMessage request) =>
        request.Method == HttpMethod.Put && request.RequestUri!.ToString().Contains("checkpoints-g", StringComparison.Ordinal);
}
