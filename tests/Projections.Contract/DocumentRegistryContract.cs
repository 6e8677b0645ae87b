using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>
/// The contract of requests for dead letters if the registry is a document and the dead letters are stored with the rows: the two are
/// written one after the other.
/// </summary>
public abstract class DocumentRegistryContract(StoreUnderTest store) : IAsyncLifetime
{
    protected static readonly LogPartition Partition = new("shop.events", 0);
    private static readonly LogPartition OtherPartition = new("shop.events", 1);
    protected static readonly Guid Counter = new(1, 0, 0, new byte[8]);

    private readonly Stack<StoreUnderTest.OpenedStore<CounterRow>> open = new();

    public async ValueTask InitializeAsync() => await store.PrepareAsync();

    public async ValueTask DisposeAsync()
    {
        while (open.Count > 0)
            await CloseAsync();
        await store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Without the offsets of rows, a store without transactions applies events twice after a crash.</summary>
    [Fact]
    public async Task Batch_has_applied_offsets_if_rows_keep_them()
    {
        var process = await OpenAsync(SampleProjections.Concurrent());
        await using var batch = await process.BeginAsync(1, CancellationToken.None);

        await batch.LoadAsync([Counter], [], [], CancellationToken.None);

        (batch.AppliedOffsets is not null).ShouldBe(process.KeepsRowOffsets);
    }

    /// <summary>A dead letter of the key is added while the owner of the partition applies the earlier ones.</summary>
    [Fact]
    public async Task Request_covers_dead_letters_added_while_it_runs()
    {
        var process = await OpenAsync(SampleProjections.Concurrent());
        var points = await process.Registry.ClaimPartitionsAsync(1, [Partition, OtherPartition], CancellationToken.None);
        var first = SampleRecords.Of(new Counted(Counter, 1), 0);
        var later = SampleRecords.Of(new Counted(Counter, 1), 0, OtherPartition.Partition);
        await CommitDeadLettersAsync(process, points[0], [], [first]);
        var requeue = Requeue();
        (
            await process.Registry.AddRequestAsync(
                1, null, DeadLetterRequest.Requeue, new OperationRecord(requeue, "requeue all"), CancellationToken.None))
            .ShouldBe(1);
        (await PendingRequestsAsync(process)).ShouldBe([Partition]);

        await CommitDeadLettersAsync(process, points[1], [], [later]);
        await CommitDeadLettersAsync(process, points[0] with { NextOffset = 1 }, [first], []);

        await process.Registry.EndDeadLetterRequestAsync(requeue, 1, CancellationToken.None);
        (
            await process.Registry.FindOperationAsync(
                requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Running, "the key still has a dead letter");
        (await PendingRequestsAsync(process)).ShouldBe([OtherPartition]);
        await CommitDeadLettersAsync(process, points[1] with { NextOffset = 1 }, [later], []);
        await process.Registry.EndDeadLetterRequestAsync(requeue, 1, CancellationToken.None);
        (await process.Registry.FindOperationAsync(requeue.Id, CancellationToken.None))!.State.ShouldBe(OperationState.Done);
        (await process.Registry.DeadLettersAsync(10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_faults_are_stored_once_across_processes()
    {
        var first = await OpenAsync(SampleProjections.Concurrent());
        await first.Registry.AddFaultsAsync(1, ["two", "one"], CancellationToken.None);
        await first.Registry.AddFaultsAsync(1, ["three", "two"], CancellationToken.None);
        await CloseAsync();

        var next = await OpenAsync(SampleProjections.Concurrent());

        (await next.Registry.ReadAsync(CancellationToken.None)).Find(1)!.Faults.ShouldBe(["one", "three", "two"]);
    }

    [Fact]
    public async Task Lists_continue_after_a_cursor()
    {
        const int many = 7;
        var process = await OpenAsync(SampleProjections.Concurrent());
        var point = (await process.Registry.ClaimPartitionsAsync(1, [Partition], CancellationToken.None)).Single();
        await CommitDeadLettersAsync(
            process, point, [], [.. Enumerable.Range(0, many).Select(offset => SampleRecords.Of(new Counted(Counter, 1), offset))]);
        for (var i = 0; i < many; i++)
            await process.Registry.RecordAsync(Requeue() with { State = OperationState.Refused }, $"action {i}", CancellationToken.None);

        var actions = new List<OperatorAction>();
        while (
            await process.Registry.ActionsAsync(
                2,
                CancellationToken.None,
                actions.LastOrDefault() is { } last
                    ? new ActionCursor(last.At, last.Operation, last.Sequence)
                    : null) is { Count: > 0 } some)
            actions.AddRange(some);
        var deadLetters = new List<DeadLetter>();
        while (
            await process.Registry.DeadLettersAsync(
                2,
                CancellationToken.None,
                deadLetters.LastOrDefault() is { } last
                    ? new DeadLetterCursor(last.Generation, last.Sequence)
                    : null) is { Count: > 0 } some)
            deadLetters.AddRange(some);

        actions.ShouldBe(await process.Registry.ActionsAsync(100, CancellationToken.None));
        actions.Select(action => action.Action).Order().ShouldBe(Enumerable.Range(0, many).Select(i => $"action {i}"));
        deadLetters.Select(deadLetter => deadLetter.Offset).ShouldBe(Enumerable.Range(0, many).Select(offset => (long)offset));
    }

    protected static Operation Requeue() =>
        new(Guid.CreateVersion7(), "requeue", "shop.counters", 1, null, OperationState.Running, null, null, DateTimeOffset.UtcNow, null);

    // The partitions of the first events with a pending request, as their owner reads them.
    protected static async Task<LogPartition[]> PendingRequestsAsync(IProjectionStore<Guid, CounterRow> process) =>
        [
            .. (await process.PendingRequestsAsync(1, [Partition, OtherPartition], 10, 10, CancellationToken.None))
            .SelectMany(key => key.Records)
            .Select(record => new LogPartition(record.Log, record.Partition))
        ];

    protected static async Task CommitDeadLettersAsync(
        IProjectionStore<Guid, CounterRow> process, Checkpoint at, LogRecord[] resolved, LogRecord[] added)
    {
        await using var batch = await process.BeginAsync(1, CancellationToken.None);
        var advance =
            new CheckpointAdvance(at.Partition, at.Epoch, at.NextOffset, at.NextOffset + added.Length, Guid.CreateVersion7(), 0, "test");
        await batch.CommitAsync(
            new(
                [],
                [advance],
                [.. added.Select(record => new DeadLetterEvent<Guid>(Counter, record, "cannot be applied"))],
                [.. resolved.Select(record => (new LogPartition(record.Log, record.Partition), record.Offset))]),
            CancellationToken.None);
    }

    protected async Task<IProjectionStore<Guid, CounterRow>> OpenAsync(ProjectionDefinition projection)
    {
        open.Push(store.Open<CounterRow>(projection));
        await open.Peek().Store.Registry.PrepareAsync(CancellationToken.None);
        return open.Peek().Store;
    }

    protected ValueTask CloseAsync() => open.Pop().CloseAsync();
}
