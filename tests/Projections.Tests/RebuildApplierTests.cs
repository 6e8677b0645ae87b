using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Progress;
using Monolith.BuildingBlocks.Projections.Rebuilds;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class RebuildApplierTests
{
    private const int Partitions = 3;

    private static readonly TimeSpan BatchTakes = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    // Each read of the clock advances it by the time of a batch.
    private readonly FakeTimeProvider clock = new() { AutoAdvanceAmount = BatchTakes };
    private readonly MemoryStore store = new();
    private readonly GenerationProgress progress;
    private readonly LagTracker tracker;
    private readonly PartitionCursor[] cursors;

    public RebuildApplierTests()
    {
        progress = new GenerationProgress(new LogSignal(), clock);
        tracker = new LagTracker(clock);
        cursors =
            [.. Enumerable.Range(0, Partitions).Select(partition => new PartitionCursor(store.Take(MemoryStore.Of(partition)), "here"))];
    }

    [Fact]
    public async Task Rebuild_pauses_after_batches_until_it_has_reached_the_heads()
    {
        var applier = Build(false, true, new Dictionary<LogPartition, long> { [MemoryStore.Of(0)] = 2 }, RebuildLimits.Default);
        for (var i = 0; i < 2; i++)
        {
            tracker.Add(TimeSpan.FromSeconds(1));
            var applying = ApplyOne(applier);

            store.Checkpoint(0).ShouldBe(i + 1);
            applying.IsCompleted.ShouldBeFalse("it rests");
            clock.Advance(LongestRest);
            await applying;
        }

        tracker.Add(TimeSpan.FromSeconds(1));
        await ApplyOne(applier);

        store.Checkpoint(0).ShouldBe(3);
    }

    /// <summary>Rows, dead letters and checkpoints are those of batches for any memory limit.</summary>
    [Fact]
    public void Rounds_in_memory_give_the_rows_of_batches() =>
        Gen.Select(Gen.Select(Gen.Int[0, Partitions - 1], Gen.Int[0, 9], Gen.Int[-1, 20]).Array[1, 200], Gen.Int[1, 20], Gen.Int[1, 12])
            .Sample((history, batchSize, maxRows) =>
        {
            var (inRounds, inBatches) = (new RebuildApplierTests(), new RebuildApplierTests());
            inRounds.Run(inRounds.InRounds(maxRows, history), history, batchSize);
            inBatches.Run(inBatches.InBatches(), history, batchSize);

            inRounds.store.LeftMemory.ShouldBeTrue();
            inRounds.store.Rows.Values.ShouldBe(inBatches.store.Rows.Values, ignoreOrder: true);
            inRounds.store.DeadLetters.Select(Place).ShouldBe(inBatches.store.DeadLetters.Select(Place), ignoreOrder: true);
            for (var partition = 0; partition < Partitions; partition++)
                inRounds.store.Checkpoint(partition).ShouldBe(inBatches.store.Checkpoint(partition));
        });

    [Fact]
    public async Task Round_is_one_fill_and_the_last_switches_to_batches()
    {
        var history = Enumerable.Range(0, 4).Select(i => (Partition: 0, Counter: i, By: 1)).ToArray();
        var applier = InRounds(2, history);

        await ApplyAsync(applier, history[..1]);
        store.Commits.ShouldBeEmpty();
        await ApplyAsync(applier, history[1..2]);
        store.Commits.ShouldHaveSingleItem().Count.ShouldBe(2);
        store.LeftMemory.ShouldBeFalse();
        await ApplyAsync(applier, history[2..]);
        store.Commits.Count.ShouldBe(2);
        store.LeftMemory.ShouldBeTrue();
    }

    [Fact]
    public async Task Later_round_loads_only_rows_of_earlier_rounds()
    {
        (int, int, int)[] history = [(0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 0, 1), (0, 3, 1), (0, 1, 1)];
        var applier = InRounds(2, history);

        foreach (var some in history.Chunk(2))
            await ApplyAsync(applier, some);

        store.Loaded.ShouldBe([SampleRecords.CounterOf(0), SampleRecords.CounterOf(1)]);
        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(2);
    }

    [Fact]
    public async Task Continued_rebuild_loads_every_row()
    {
        (int, int, int)[] history = [(0, 0, 1), (0, 1, 1)];
        var applier = Build(true, nothingStored: false, Targets(history), new RebuildLimits(1, long.MaxValue));

        await ApplyAsync(applier, history[..1]);
        await ApplyAsync(applier, history[1..]);

        store.Loaded.ShouldBe([SampleRecords.CounterOf(0), SampleRecords.CounterOf(1)]);
    }

    [Fact]
    public async Task Failed_fill_is_retried_without_folding_again()
    {
        var history = new[] { (0, 1, 5) };
        var applier = InRounds(1, history);
        var batch = NextBatch(history);
        store.FillFailures.Enqueue(new TimeoutException());

        await Should.ThrowAsync<TimeoutException>(() => applier.ApplyAsync(batch, CancellationToken.None));
        await applier.ApplyAsync(batch, CancellationToken.None);

        store.Rows.Values.ShouldHaveSingleItem().Total.ShouldBe(5);
        store.Checkpoint(0).ShouldBe(1);
    }

    /// <summary>Events are folded before their rows are written, so that a rebuild does not end with the last event.</summary>
    [Fact]
    public async Task Rows_left_include_an_estimate_for_remaining_events()
    {
        const int events = 12_000;
        var history = Enumerable.Range(0, events).Select(i => (Partition: 0, Counter: i, By: 1)).ToArray();
        var applier = InRounds(int.MaxValue, history);
        var seen = new List<FillProgress>();
        store.OnFilledRow = () => seen.Add(progress.Fill!.Value);

        await ApplyAsync(applier, history[..3_000]);
        await ApplyAsync(applier, history[3_000..6_000]);
        (progress.Fill!.Value.Written, progress.Fill.Value.Left).ShouldBe((0, events));
        await ApplyAsync(applier, history[6_000..]);

        seen.Distinct()
            .ShouldBe([new FillProgress(0, events), new FillProgress(5_000, events - 5_000), new FillProgress(10_000, events - 10_000)]);
    }

    [Fact]
    public async Task Dead_letters_count_against_the_limit_of_a_round()
    {
        const int maxInMemory = 50;
        var history = Enumerable.Range(0, 1_000).Select(i => (Partition: 0, Counter: i, By: -1)).ToArray();
        var applier = InRounds(maxInMemory, history);

        foreach (var (i, some) in history.Chunk(10).Index())
        {
            await ApplyAsync(applier, some);
            (((i + 1) * some.Length) - store.DeadLetters.Count).ShouldBeLessThan(maxInMemory);
        }

        store.DeadLetters.Count.ShouldBe(history.Length);
    }

    [Fact]
    public async Task Fill_that_keeps_failing_fails_the_rebuild()
    {
        var history = new[] { (0, 1, 5) };
        var applier = InRounds(1, history);
        var batch = NextBatch(history);
        for (var i = 0; i < 3; i++)
            store.FillFailures.Enqueue(new TimeoutException("no answer"));

        await Should.ThrowAsync<TimeoutException>(() => applier.ApplyAsync(batch, CancellationToken.None));
        await Should.ThrowAsync<TimeoutException>(() => applier.ApplyAsync(batch, CancellationToken.None));
        (
            await Should.ThrowAsync<BulkFillException>(
                () => applier.ApplyAsync(batch, CancellationToken.None))).Message.ShouldContain("3 times in a row: no answer");
    }

    /// <summary>After a crash, a partition that is already at its target delivers no event that would show it.</summary>
    [Fact]
    public async Task Continued_rebuild_ends_with_its_last_partition()
    {
        (int, int, int)[] history = [(0, 0, 1), (1, 1, 1)];
        var first = InRounds(1, history);
        await ApplyAsync(first, history[..1]);
        var targets = Targets(history);
        cursors[0] = new PartitionCursor(store.Take(MemoryStore.Of(0)), "here");
        cursors[1] = new PartitionCursor(store.Take(MemoryStore.Of(1)), "here");

        var second = Build(true, false, targets, new RebuildLimits(int.MaxValue, long.MaxValue));
        second.OnAssigned(new Checkpoint(MemoryStore.Of(0), cursors[0].Epoch, 1, null, 0, null));
        second.OnAssigned(new Checkpoint(MemoryStore.Of(1), cursors[1].Epoch, 0, null, 0, null));
        await ApplyAsync(second, history[1..]);

        store.LeftMemory.ShouldBeTrue();
        store.Rows.Count.ShouldBe(2);
    }

    private RebuildApplier<Guid, CounterRow> InBatches() => Build(false, true, new Dictionary<LogPartition, long>(), RebuildLimits.Default);

    private RebuildApplier<Guid, CounterRow> InRounds(int maxRows, (int Partition, int Counter, int By)[] history) =>
        Build(true, true, Targets(history), new RebuildLimits(maxRows, long.MaxValue));

    private static Dictionary<LogPartition, long> Targets((int Partition, int Counter, int By)[] history) =>
        history.GroupBy(e => e.Partition).ToDictionary(partition => MemoryStore.Of(partition.Key), partition => partition.LongCount());

    private RebuildApplier<Guid, CounterRow> Build(
        bool inMemory, bool nothingStored, IReadOnlyDictionary<LogPartition, long> targets, RebuildLimits limits)
    {
        var fold = new BatchFold<Guid, CounterRow>(SampleProjections.Serialized(), new CounterProjection(), null);
        var batches = new BatchApplier<Guid, CounterRow>(store, fold, 1, new LogSignal());
        return new RebuildApplier<Guid, CounterRow>(
            store,
            fold,
            batches,
            1,
            targets,
            inMemory,
            nothingStored,
            limits,
            new RebuildThrottle(tracker.BeginRebuild(), clock),
            progress);
    }

    private void Run(RebuildApplier<Guid, CounterRow> applier, (int Partition, int Counter, int By)[] history, int batchSize)
    {
        foreach (var some in history.Chunk(batchSize))
            ApplyAsync(applier, some).GetAwaiter().GetResult();
    }

    private Task ApplyOne(RebuildApplier<Guid, CounterRow> applier) => ApplyAsync(applier, NextBatch([(0, 0, 1)]));

    private Task ApplyAsync(RebuildApplier<Guid, CounterRow> applier, (int Partition, int Counter, int By)[] some) =>
        ApplyAsync(applier, NextBatch(some));

    private async Task ApplyAsync(RebuildApplier<Guid, CounterRow> applier, EventBatch batch)
    {
        await applier.ApplyAsync(batch, CancellationToken.None);
        progress.Publish(cursors);
    }

    // A number of 0 removes the counter; a negative one cannot be applied. Partitions share counters.
    private EventBatch NextBatch((int Partition, int Counter, int By)[] some)
    {
        var batch = new EventBatch();
        foreach (var (partition, counter, by) in some)
        {
            var id = SampleRecords.CounterOf(counter);
            var record = SampleRecords.Of(by == 0 ? new Removed(id) : (IEvent)new Counted(id, by), cursors[partition].Next, partition);
            cursors[partition].Accept(record).ShouldBeTrue();
            batch.Add(cursors[partition], record);
        }

        return batch;
    }

    private static (Guid, LogPartition, long, string?) Place(DeadLetterEvent<Guid> entry) =>
        (entry.Key, new LogPartition(entry.Record.Log, entry.Record.Partition), entry.Record.Offset, entry.Reason);
}
