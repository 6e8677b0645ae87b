using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging.Abstractions;
using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.Lucene;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.BuildingBlocks.Tests.Sample;
using Monolith.Testing;

namespace Monolith.BuildingBlocks.Tests.Generations.Lucene;

/// <summary>What an index does with pages that the engine would rather not send.</summary>
[Trait("Height", "Module")]
public sealed class LuceneStoreTests : IDisposable
{
    private static readonly LogPartition Partition = new("shop.events", 0);
    private static readonly LogPartition Beside = new("shop.events", 1);
    private static readonly Guid Counter = new(1, 0, 0, new byte[8]);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    private readonly TemporaryFolder folder = new();
    private readonly LuceneStore<Guid, CounterRow> store;
    private int refusals = int.MaxValue;

    public LuceneStoreTests() => store = Open(SampleProjections.SideBySide());

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_write_that_ends_in_the_middle_goes_back_to_the_last_commit_rows_and_checkpoints_together()
    {
        await store.Registry.PrepareAsync(CancellationToken.None);
        var point = (await store.Registry.TakeAsync(1, [Partition], CancellationToken.None)).Single();
        await CommitAsync(point, 0, 5);
        (await RowsAsync()).ShouldBe(5);
        // The first call for a row only looks at it; the failure comes when others are written already.
        refusals = 13;

        await Should.ThrowAsync<InvalidOperationException>(() => CommitAsync(point, 5, 15));

        var reached = (await store.Registry.CheckpointsAsync(1, CancellationToken.None)).Single().NextOffset;
        (await RowsAsync()).ShouldBe((int)reached);
        reached.ShouldBeOneOf(0, 5);
        refusals = int.MaxValue;
        await CommitAsync(point, reached, 15);
        (await RowsAsync()).ShouldBe(15);
        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(point, reached, 15));
    }

    [Fact]
    public async Task Who_took_the_partition_before_writes_nothing_more()
    {
        await store.Registry.PrepareAsync(CancellationToken.None);
        var before = (await store.Registry.TakeAsync(1, [Partition], CancellationToken.None)).Single();
        var after = (await store.Registry.TakeAsync(1, [Partition], CancellationToken.None)).Single();

        await Should.ThrowAsync<CheckpointLostException>(() => CommitAsync(before, 0, 5));
        (await RowsAsync()).ShouldBe(0);
        await CommitAsync(after, 0, 5);
        (await RowsAsync()).ShouldBe(5);
    }

    /// <summary>Another event of a key is parked while its owner applies those that it has read of it.</summary>
    [Fact]
    public async Task What_was_asked_of_a_key_is_asked_of_what_is_parked_of_it_meanwhile()
    {
        await store.Registry.PrepareAsync(CancellationToken.None);
        var points = await store.Registry.TakeAsync(1, [Partition, Beside], CancellationToken.None);
        var (first, later) = (SampleRecords.Of(new Counted(Counter, 1), 0), SampleRecords.Of(new Counted(Counter, 1), 0, Beside.Partition));
        await ParkAsync(points[0], [], [first]);
        var requeue = Requeue();
        (await store.Registry.AskAsync(1, null, ParkedRequest.Requeue, new Recording(requeue, "requeue all"), CancellationToken.None)).ShouldBe(1);
        (await AskedAsync(store)).ShouldBe([Partition]);

        await ParkAsync(points[1], [], [later]);
        await ParkAsync(points[0] with { NextOffset = 1 }, [first], []);

        await store.Registry.EndRequestAsync(requeue, 1, CancellationToken.None);
        (await store.Registry.OperationAsync(requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Running, "an event of the key is parked still");
        (await AskedAsync(store)).ShouldBe([Beside]);
        await ParkAsync(points[1] with { NextOffset = 1 }, [later], []);
        await store.Registry.EndRequestAsync(requeue, 1, CancellationToken.None);
        (await store.Registry.OperationAsync(requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Done);
        (await store.Registry.DeadLettersAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_recorded_and_came_no_further_is_asked_by_the_next_process()
    {
        var requeue = Requeue();
        using (var first = Open(SampleProjections.OnePageAtATime()))
        {
            await first.Registry.PrepareAsync(CancellationToken.None);
            var point = (await first.Registry.TakeAsync(1, [Partition], CancellationToken.None)).Single();
            await ParkAsync(first, point, [], [SampleRecords.Of(new Counted(Counter, 1), 0)]);
            using var patience = new CancellationTokenSource();
            await using var page = await first.BeginAsync(1, CancellationToken.None);
            var asking = first.Registry.AskAsync(1, null, ParkedRequest.Requeue, new Recording(requeue, "requeue all"), patience.Token);
            await Eventually.HoldsAsync(Patience, async () => await first.Registry.OperationAsync(requeue.Id, CancellationToken.None) is null ? "it is not recorded" : null);

            await patience.CancelAsync();

            await Should.ThrowAsync<OperationCanceledException>(asking);
            (await AskedAsync(first)).ShouldBeEmpty();
        }

        using var next = Open(SampleProjections.OnePageAtATime());
        await next.Registry.PrepareAsync(CancellationToken.None);
        await next.Registry.EndRequestAsync((await next.Registry.OperationAsync(requeue.Id, CancellationToken.None))!, 1, CancellationToken.None);

        (await next.Registry.OperationAsync(requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Running);
        (await AskedAsync(next)).ShouldBe([Partition]);
    }

    [Fact]
    public async Task Faults_are_kept_once_also_by_the_next_process()
    {
        using (var first = Open(SampleProjections.SideBySide()))
        {
            await first.Registry.PrepareAsync(CancellationToken.None);
            await first.Registry.NoteFaultsAsync(1, ["two", "one"], CancellationToken.None);
            await first.Registry.NoteFaultsAsync(1, ["three", "two"], CancellationToken.None);
        }

        using var next = Open(SampleProjections.SideBySide());
        await next.Registry.PrepareAsync(CancellationToken.None);

        (await next.Registry.ReadAsync(CancellationToken.None)).Find(1)!.Faults.ShouldBe(["one", "three", "two"]);
    }

    [Fact]
    public async Task Lists_go_on_after_each_place()
    {
        const int many = 7;
        await store.Registry.PrepareAsync(CancellationToken.None);
        var point = (await store.Registry.TakeAsync(1, [Partition], CancellationToken.None)).Single();
        await ParkAsync(point, [], [.. Enumerable.Range(0, many).Select(offset => SampleRecords.Of(new Counted(Counter, 1), offset))]);
        for (var i = 0; i < many; i++)
            await store.Registry.RecordAsync(Requeue() with { State = OperationState.Refused }, $"action {i}", CancellationToken.None);

        var actions = new List<OperatorAction>();
        while (await store.Registry.ActionsAsync(2, CancellationToken.None, actions.LastOrDefault() is { } last ? new ActionPlace(last.At, last.Operation, last.Sequence) : null) is { Count: > 0 } some)
            actions.AddRange(some);
        var letters = new List<DeadLetter>();
        while (await store.Registry.DeadLettersAsync(2, CancellationToken.None, letters.LastOrDefault() is { } last ? new DeadLetterPlace(last.Generation, last.Sequence) : null) is { Count: > 0 } some)
            letters.AddRange(some);

        actions.ShouldBe(await store.Registry.ActionsAsync(100, CancellationToken.None));
        actions.Select(action => action.Action).Order().ShouldBe(Enumerable.Range(0, many).Select(i => $"action {i}"));
        letters.Select(letter => letter.Offset).ShouldBe(Enumerable.Range(0, many).Select(offset => (long)offset));
    }

    private static Operation Requeue() => new(Guid.CreateVersion7(), "requeue", "shop.counters", 1, null, OperationState.Running, null, null, DateTimeOffset.UtcNow, null);

    // The partitions of the first events that something is asked of, as their owner hears of them.
    private static async Task<LogPartition[]> AskedAsync(LuceneStore<Guid, CounterRow> store) =>
        [.. (await store.AskedAsync(1, [Partition, Beside], 10, 10, CancellationToken.None)).SelectMany(key => key.Records).Select(record => new LogPartition(record.Log, record.Partition))];

    private Task ParkAsync(StartPoint at, LogRecord[] unparked, LogRecord[] parked) => ParkAsync(store, at, unparked, parked);

    private static async Task ParkAsync(LuceneStore<Guid, CounterRow> store, StartPoint at, LogRecord[] unparked, LogRecord[] parked)
    {
        await using var page = await store.BeginAsync(1, CancellationToken.None);
        var advance = new CheckpointAdvance(at.Partition, at.Epoch, at.NextOffset, at.NextOffset + parked.Length, Guid.CreateVersion7(), 0, "test");
        await page.CommitAsync(
            new([], [advance], [.. parked.Select(record => new ParkedEvent<Guid>(Counter, record, "cannot be applied"))], [.. unparked.Select(record => (new LogPartition(record.Log, record.Partition), record.Offset))]),
            CancellationToken.None);
    }

    private LuceneStore<Guid, CounterRow> Open(ProjectionDefinition projection)
    {
        var mapping = new LuceneMapping<Guid, CounterRow>((JsonTypeInfo<CounterRow>)Json.GetTypeInfo(typeof(CounterRow)), row => row.CounterId).Keyword("name", Name);
        return new LuceneStore<Guid, CounterRow>(folder.Below("store"), projection, mapping, TimeProvider.System, NullLogger.Instance);
    }

    private string? Name(CounterRow row) => refusals-- > 0 ? row.Name : throw new InvalidOperationException("told to fail");

    // One row an offset.
    private async Task CommitAsync(StartPoint point, long from, long to)
    {
        await using var page = await store.BeginAsync(1, CancellationToken.None);
        var changes = Enumerable.Range((int)from, (int)(to - from)).Select(n => new Guid(n, 0, 0, new byte[8])).Select(key => new RowChange<Guid, CounterRow>(key, new CounterRow(key, 1, 1, "name"))).ToArray();
        await page.LoadAsync([.. changes.Select(change => change.Key)], [], [], CancellationToken.None);
        await page.CommitAsync(new PageCommit<Guid, CounterRow>(changes, [new CheckpointAdvance(Partition, point.Epoch, from, to, Guid.CreateVersion7(), to - 1, "test")], [], []), CancellationToken.None);
    }

    private async Task<int> RowsAsync() => (await store.ScanAsync(1, null, int.MaxValue, CancellationToken.None)).Count;
}
