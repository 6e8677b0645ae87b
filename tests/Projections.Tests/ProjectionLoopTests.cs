using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;
using Monolith.BuildingBlocks.Projections.Running;
using Monolith.BuildingBlocks.Projections.Stores;
using Monolith.Testing;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class ProjectionLoopTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly MemoryStore store = new();
    private readonly ScriptedReader reader = new();
    private readonly RecordedLog log = new();
    private readonly GenerationProgress status = new(new LogSignal(), TimeProvider.System);

    public void Dispose() => log.Dispose();

    [Fact]
    public async Task Records_are_applied_and_reported_to_the_reader()
    {
        reader.Delivers(Assigned(0, 1), Read(Count(0, 0, 1), Count(1, 0, 5), Count(0, 1, 2)), Ended(0, 1));

        await RunToTheEnd();

        (Total(0), Total(1)).ShouldBe((3, 5));
        status.Partitions.Select(partition => (partition.Partition.Partition, partition.NextOffset, partition.Stopped, partition.Waiting))
            .ShouldBe([(0, 2, null, null), (1, 1, null, null)], ignoreOrder: true);
        reader.Positions[MemoryStore.Of(0)].ShouldBe(1_001);
    }

    [Fact]
    public async Task Deleted_records_show_in_their_partition_alone()
    {
        reader.Delivers(
            Assigned(0, 1),
            new ReaderEvent.RecordsDeleted(MemoryStore.Of(0), new DeletedRecords(20, 20, "here", "deleted")),
            Read(Count(0, 20, 1), Count(1, 0, 5)),
            Ended(0, 1));

        await RunToTheEnd();

        status.Partitions.Select(partition => (partition.Partition.Partition, partition.NextOffset, partition.Waiting))
            .ShouldBe([(0, 0, "deleted"), (1, 1, null)], ignoreOrder: true);
    }

    /// <summary>Otherwise the lag of a rebuild would not change until its rows are written.</summary>
    [Fact]
    public async Task Events_folded_in_memory_are_counted()
    {
        var targets = new Dictionary<LogPartition, long> { [MemoryStore.Of(0)] = 100 };
        reader.Delivers(Assigned(0), Read(Count(0, 0, 1), Count(0, 1, 2)));
        reader.Ends();

        await BuildLoop(targets).RunAsync(TestContext.Current.CancellationToken).WaitAsync(Timeout);

        store.Checkpoint(0).ShouldBe(0, "the build has not reached its target");
        reader.Positions[MemoryStore.Of(0)].ShouldBe(1_001);
    }

    [Fact]
    public async Task Refused_row_makes_only_its_key_a_dead_letter()
    {
        LogRecord[] records =
        [
            .. Enumerable.Range(0, 30)
            .SelectMany(
                offset => Enumerable.Range(0, 3).Select(partition => Count(partition, offset, partition == 1 && offset == 12 ? 2 : 1)))
        ];
        store.Refuses = row => row.CounterId == SampleRecords.CounterOf(1) && row.Total > 12;
        reader.Delivers(Assigned(0, 1, 2), Read(records));

        await RunToTheEnd();

        (Total(0), Total(1), Total(2)).ShouldBe((30, 12, 30));
        (store.Checkpoint(0), store.Checkpoint(1), store.Checkpoint(2)).ShouldBe((30, 30, 30));
        store.DeadLettersOf(SampleRecords.CounterOf(1)).ShouldBe(Enumerable.Range(12, 18).Select(offset => (long)offset));
        store.DeadLetters[0].Reason.ShouldNotBeNull().ShouldContain("The store refuses what shop.counters makes of the event");
        store.DeadLetters[0].Reason.ShouldNotBeNull().ShouldContain("offset 12)");
        reader.Positions[MemoryStore.Of(1)].ShouldBe(1_029);
        status.Partitions.ShouldAllBe(partition => partition.Stopped == null);
    }

    [Fact]
    public async Task Dead_letters_survive_a_row_refused_in_the_same_batch()
    {
        store.Refuses = row => row.CounterId == SampleRecords.CounterOf(1);
        reader.Delivers(
            Assigned(0, 1, 2),
            Read(Count(0, 0, 1), Count(2, 0, 1), Count(0, 1, 1), Count(1, 0, 1), Count(0, 2, -1), Count(0, 3, 1), Count(2, 1, 1)));

        await RunToTheEnd();

        (Total(0), Total(2)).ShouldBe((2, 2));
        (store.Checkpoint(0), store.Checkpoint(1), store.Checkpoint(2)).ShouldBe((4, 1, 2));
        store.DeadLettersOf(SampleRecords.CounterOf(0)).ShouldBe([2, 3]);
        store.DeadLettersOf(SampleRecords.CounterOf(1)).ShouldBe([0]);
    }

    [Fact]
    public async Task Lost_checkpoint_is_claimed_again_without_repeats()
    {
        LogRecord[] records = [Count(0, 0, 1), Count(0, 1, 1), Count(0, 2, 1)];
        reader.Delivers(Assigned(0), Read(records));
        // A temporary other owner.
        store.Take(MemoryStore.Of(0));
        ReassignFrom(records);

        await RunAsync();

        Total(0).ShouldBe(3);
        StatusOf(0).NextOffset.ShouldBe(3);
    }

    [Fact]
    public async Task Commit_with_lost_answer_is_not_repeated()
    {
        LogRecord[] records = [Count(0, 0, 1), Count(0, 1, 1)];
        store.Failures.Enqueue((new TimeoutException("the answer is lost"), true));
        reader.Delivers(Assigned(0), Read(records));
        ReassignFrom(records);

        await RunAsync();

        Total(0).ShouldBe(2);
        log.Entries.ShouldContain(entry => entry.Message.Contains("could not write a batch"));
    }

    [Fact]
    public async Task Checkpoint_lost_while_halving_skips_no_event()
    {
        LogRecord[] records = [Count(0, 0, 1), Count(1, 0, 10), Count(0, 1, 100), Count(1, 1, 1_000)];
        store.Failures.Enqueue((new RowsRefusedException("22000", new InvalidOperationException()), false));
        // One partition of the first half has another owner. Neither is applied, so the second half must wait too.
        store.Failures.Enqueue((new CheckpointLostException(), false));
        reader.Delivers(Assigned(0, 1), Read(records));
        ReassignFrom(records);

        await RunAsync();

        (Total(0), Total(1)).ShouldBe((101, 1_010));
    }

    [Fact]
    public async Task Unavailable_store_is_retried()
    {
        store.Failures.Enqueue((new TimeoutException("away"), false));
        store.Failures.Enqueue((new TimeoutException("still away"), false));
        reader.Delivers(Assigned(0), Read(Count(0, 0, 1)));

        await RunToTheEnd();

        Total(0).ShouldBe(1);
        status.BatchProblem.ShouldBeNull();
        log.Entries.Count(entry => entry.Level == LogLevel.Warning).ShouldBe(2);
    }

    [Fact]
    public async Task Records_of_a_revoked_partition_are_not_applied()
    {
        reader.Delivers(
            Assigned(0, 1),
            Read(Count(0, 0, 1), Count(1, 0, 1)),
            new ReaderEvent.Revoked([MemoryStore.Of(0)]),
            Read(Count(0, 1, 1), Count(1, 1, 1)));

        await RunToTheEnd();

        (Total(0), Total(1)).ShouldBe((1, 2));
        status.Partitions.ShouldHaveSingleItem().Partition.ShouldBe(MemoryStore.Of(1));
    }

    [Fact]
    public async Task Reassigned_partition_continues_from_its_checkpoint()
    {
        reader.Delivers(Assigned(0), Read(Count(0, 0, 1), Count(0, 1, 1)), new ReaderEvent.Revoked([MemoryStore.Of(0)]));
        var running = RunAsync();
        await Eventually.HoldsAsync(
            Timeout, "both applied, partition released", () => store.Commits.Count == 1 && status.Partitions.Count == 0);

        // The first record is the last applied one.
        reader.Delivers(Assigned(0), Read(Count(0, 1, 1), Count(0, 2, 1)));
        reader.Ends();
        await running;

        Total(0).ShouldBe(3);
    }

    [Fact]
    public async Task Gap_at_the_end_is_reported_until_filled()
    {
        reader.Delivers(Assigned(0), Read(Count(0, 0, 1), Count(0, 2, 1)), Ended(0));
        var running = RunAsync();
        await Eventually.HoldsAsync(Timeout, "the gap is reported", () => StatusOf(0).Waiting is not null);
        StatusOf(0).Waiting!.ShouldContain("holds offset 2 but not offset 1");

        reader.Delivers(Read(Count(0, 1, 1), Count(0, 2, 1)), Ended(0));
        reader.Ends();
        await running;

        Total(0).ShouldBe(3);
        StatusOf(0).Waiting.ShouldBeNull();
    }

    [Fact]
    public async Task Unknown_types_foreign_records_and_problems_are_reported()
    {
        reader.Delivers(
            Assigned(0),
            Read(SampleRecords.Raw("shop.unheard-of.v1", "{}", 0)),
            new ReaderEvent.InvalidRecord(MemoryStore.Of(0), 77, "it has no ce_id"),
            new ReaderEvent.AvailabilityChanged("broker", "the broker is away"));

        await RunToTheEnd();

        status.UnknownTypes.ShouldBe([new("shop.unheard-of.v1", "shop.events[0] offset 0")]);
        status.TransportProblem.ShouldBe("the broker is away");
        log.Entries.ShouldContain(entry => entry.Message.Contains("position 77: it has no ce_id"));
        store.DeadLetters.ShouldHaveSingleItem().Reason.ShouldNotBeNull().ShouldContain("does not know the type");
    }

    [Fact]
    public async Task Error_of_the_reader_ends_the_loop()
    {
        using var none = new CancellationTokenSource();
        var failing = new FailingReader();

        var failure = await Should.ThrowAsync<InvalidOperationException>(() => Loop(failing).RunAsync(none.Token));

        failure.Message.ShouldBe("the reader died");
    }

    private void ReassignFrom(LogRecord[] records) => reader.OnReassign = partitions =>
    {
        var points = partitions.Select(lost => store.Take(lost.Partition)).ToArray();
        reader.Delivers(
            new ReaderEvent.Assigned(points, Sources),
            Read(
                [
                    .. records.Where(
                        record =>
                            points.Any(point => point.Partition.Partition == record.Partition && record.Offset >= point.NextOffset - 1))
                ]));
        reader.Ends();
    };

    private async Task RunToTheEnd()
    {
        reader.Ends();
        await RunAsync();
    }

    private Task RunAsync() => Loop(reader).RunAsync(TestContext.Current.CancellationToken).WaitAsync(Timeout);

    private ProjectionLoop Loop(IEventReader from)
    {
        var definition = SampleProjections.Concurrent();
        var applier = new BatchApplier<Guid, CounterRow>(
            store, new BatchFold<Guid, CounterRow>(definition, new CounterProjection(), null), 1, new LogSignal());
        return new ProjectionLoop(definition, applier, from, status, null, log.CreateLogger("loop"));
    }

    private ProjectionLoop BuildLoop(IReadOnlyDictionary<LogPartition, long> targets)
    {
        var definition = SampleProjections.Concurrent();
        var fold = new BatchFold<Guid, CounterRow>(definition, new CounterProjection(), null);
        var batches = new BatchApplier<Guid, CounterRow>(store, fold, 1, new LogSignal());
        var throttle = new RebuildThrottle(new LagTracker(TimeProvider.System).BeginRebuild(), TimeProvider.System);
        var applier = new RebuildApplier<Guid, CounterRow>(
            store, fold, batches, 1, targets, inMemory: true, isEmpty: true, RebuildLimits.Default, throttle, status);
        return new ProjectionLoop(definition, applier, reader, status, null, log.CreateLogger("loop"));
    }

    private static Dictionary<string, string> Sources { get; } = new() { ["shop.events"] = "here" };

    private ReaderEvent Assigned(params int[] partitions) =>
        new ReaderEvent.Assigned([.. partitions.Select(partition => store.Take(MemoryStore.Of(partition)))], Sources);

    private static ReaderEvent Read(params LogRecord[] records) => new ReaderEvent.RecordsRead(records);

    private static ReaderEvent Ended(params int[] partitions) => new ReaderEvent.CaughtUp([.. partitions.Select(MemoryStore.Of)]);

    private static LogRecord Count(int partition, long offset, long by) =>
        SampleRecords.Of(new Counted(SampleRecords.CounterOf(partition), by), offset, partition);

    private long Total(int partition) => store.Rows[SampleRecords.CounterOf(partition)].Total;

    private PartitionStatus StatusOf(int partition) => status.Partitions.Single(entry => entry.Partition.Partition == partition);
}
