using CsCheck;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.Projections.Tests;

[Trait("Category", "Unit")]
public sealed class BatchApplierTests
{
    private readonly MemoryStore store = new();
    private readonly PartitionCursor[] cursors;
    private readonly long[] next = new long[3];

    public BatchApplierTests() =>
        cursors = [.. Enumerable.Range(0, 3).Select(partition => new PartitionCursor(store.Take(MemoryStore.Of(partition)), "here"))];

    [Fact]
    public async Task Events_become_rows_and_checkpoints()
    {
        await Apply(
            EventBatch((0, Counted(0, 1)), (1, Counted(1, 5)), (0, Counted(0, 2)), (0, new Named(SampleRecords.CounterOf(0), "one"))));

        store.Rows[SampleRecords.CounterOf(0)].ShouldBe(new CounterRow(SampleRecords.CounterOf(0), 3, 2, "one"));
        store.Rows[SampleRecords.CounterOf(1)].Total.ShouldBe(5);
        (store.Checkpoint(0), store.Checkpoint(1), store.Checkpoint(2)).ShouldBe((3, 1, 0));
        cursors[0].Committed.ShouldBe(3);
    }

    [Fact]
    public async Task Unfoldable_event_makes_later_events_of_its_key_dead_letters()
    {
        await Apply(EventBatch((0, Counted(0, 1)), (1, Counted(1, 1)), (0, Counted(0, -1)), (0, Counted(0, 10)), (1, Counted(1, 1))));
        await Apply(EventBatch((0, Counted(0, 100))));

        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(1);
        store.Rows[SampleRecords.CounterOf(1)].Total.ShouldBe(2);
        (store.Checkpoint(0), store.Checkpoint(1)).ShouldBe((4, 2));
        store.DeadLettersOf(SampleRecords.CounterOf(0)).ShouldBe([1, 2, 3]);
        store.DeadLetters[0].Reason.ShouldNotBeNull()
            .ShouldContain("offset 1) cannot be applied by shop.counters: InvalidOperationException: counted by less than nothing");
        store.DeadLetters.Skip(1).ShouldAllBe(entry => entry.Reason == null);
        cursors.ShouldAllBe(cursor => cursor.Stopped == null);
    }

    [Theory]
    [InlineData("shop.unheard-of.v1", "{}", "does not know the type")]
    [InlineData("shop.counted.v1", "null", "its data is null")]
    [InlineData("shop.counted.v1", "{\"counterId\":5}", "does not fit the type")]
    public async Task Unreadable_event_makes_its_stream_a_dead_letter(string type, string data, string reason)
    {
        await Apply(BatchWith(type, data));

        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(1, "the event before the unreadable one");
        store.Rows[SampleRecords.CounterOf(1)].Total.ShouldBe(1);
        (store.Checkpoint(0), store.Checkpoint(1)).ShouldBe((3, 1));
        store.DeadLettersOf(SampleRecords.CounterOf(0)).ShouldBe([1, 2]);
        store.DeadLetters[0].Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task Event_without_a_key_stops_only_its_partition()
    {
        await Apply(BatchWith("shop.counted.v1", "null"), SampleProjections.Serialized());

        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(1);
        store.Rows[SampleRecords.CounterOf(1)].Total.ShouldBe(1);
        (store.Checkpoint(0), store.Checkpoint(1)).ShouldBe((1, 1));
        store.DeadLetters.ShouldBeEmpty();
        cursors[0].Stopped.ShouldNotBeNull().ShouldContain("its data is null");
        cursors[1].Stopped.ShouldBeNull();
    }

    [Fact]
    public async Task Retried_batch_folds_events_before_the_stop()
    {
        store.Failures.Enqueue((new TimeoutException(), false));
        var batch = BatchWith("shop.counted.v1", "null");

        await Should.ThrowAsync<TimeoutException>(() => Apply(batch, SampleProjections.Serialized()));
        batch.RemoveStopped();
        await Apply(batch, SampleProjections.Serialized());

        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(1);
        (store.Checkpoint(0), store.Checkpoint(1)).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Retried_batch_adds_dead_letters_once()
    {
        store.Failures.Enqueue((new TimeoutException(), false));
        var batch = EventBatch((0, Counted(0, 1)), (0, Counted(0, -1)), (0, Counted(0, 1)));

        await Should.ThrowAsync<TimeoutException>(() => Apply(batch));
        await Apply(batch);

        store.DeadLettersOf(SampleRecords.CounterOf(0)).ShouldBe([1, 2]);
        store.Rows[SampleRecords.CounterOf(0)].Total.ShouldBe(1);
    }

    [Fact]
    public async Task Batch_of_stopped_events_commits_nothing()
    {
        var batch = new EventBatch();
        Add(batch, 0, SampleRecords.Raw("shop.counted.v1", "null", next[0]++));

        await Apply(batch, SampleProjections.Serialized());

        store.Commits.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unwanted_event_of_unknown_type_is_skipped()
    {
        var batch = EventBatch((0, Counted(0, 1)), (0, new Named(SampleRecords.CounterOf(0), "unwanted")));
        Add(batch, 0, SampleRecords.Raw("shop.unheard-of.v1", "no json", next[0]++));

        await Apply(batch, SampleProjections.Concurrent(null, "shop.counted.v1"));

        store.Rows.Values.Single().Name.ShouldBeNull();
        store.Checkpoint(0).ShouldBe(3);
        cursors[0].Stopped.ShouldBeNull();
    }

    [Fact]
    public async Task Key_other_than_the_stream_id_is_a_dead_letter()
    {
        var batch = new EventBatch();
        var stream = Guid.NewGuid();
        Add(batch, 0, SampleRecords.Of(Counted(0, 1), 0, stream: stream));

        await Apply(batch);

        store.DeadLettersOf(stream).ShouldBe([0]);
        store.DeadLetters[0].Reason.ShouldNotBeNull().ShouldContain("declared to be keyed by the stream id");
        store.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Serialized_projection_accepts_any_key()
    {
        var batch = new EventBatch();
        Add(batch, 0, SampleRecords.Of(Counted(0, 1), 0, stream: Guid.NewGuid()));

        await Apply(batch, SampleProjections.Serialized());

        store.Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unchanged_row_is_not_written()
    {
        await Apply(EventBatch((0, new Named(SampleRecords.CounterOf(0), "one")), (1, Counted(1, 1))));
        await Apply(EventBatch((0, new Named(SampleRecords.CounterOf(0), "one")), (1, Counted(1, 1))));
        await Apply(EventBatch((2, new Removed(SampleRecords.CounterOf(2)))));
        await Apply(EventBatch((2, Counted(2, 1)), (2, new Removed(SampleRecords.CounterOf(2)))));

        store.Commits[1].ShouldHaveSingleItem().Key.ShouldBe(SampleRecords.CounterOf(1));
        store.Commits[2].ShouldBeEmpty("there was no row to remove");
        store.Commits[3].ShouldBeEmpty("made and removed in one batch");
        store.Checkpoint(2).ShouldBe(3);
    }

    [Fact]
    public async Task Removed_row_can_be_created_again()
    {
        await Apply(EventBatch((0, Counted(0, 7))));
        await Apply(EventBatch((0, new Removed(SampleRecords.CounterOf(0)))));
        store.Rows.ShouldBeEmpty();

        await Apply(EventBatch((0, Counted(0, 1)), (0, new Removed(SampleRecords.CounterOf(0))), (0, Counted(0, 2))));

        store.Rows.Values.Single().ShouldBe(new CounterRow(SampleRecords.CounterOf(0), 2, 1, null));
    }

    [Fact]
    public async Task Requeue_of_many_keys_runs_in_parts_between_batches()
    {
        const int keys = 1_000;
        const int eventsOfEach = 8;
        const int maxInMemory = 10_000;
        var work = new LogSignal();
        var applier = new BatchApplier<Guid, CounterRow>(
            store, new BatchFold<Guid, CounterRow>(SampleProjections.Serialized(), new CounterProjection(), null), 1, work);
        var batch = new EventBatch();
        foreach (var _ in Enumerable.Range(0, eventsOfEach))
        {
            foreach (var key in Enumerable.Range(10, keys))
                Add(batch, 0, SampleRecords.Of(Counted(key, 1), next[0]++));
        }

        foreach (var entry in batch.Entries)
            store.DeadLetters.Add(
                new DeadLetterEvent<Guid>(((Counted)SampleCatalogues.Shop().Decode(entry.Record).Data).CounterId, entry.Record, null));
        batch.Clear();
        // One key has more dead letters than fit in a part.
        foreach (var _ in Enumerable.Range(0, 2 * maxInMemory))
            store.DeadLetters.Add(new DeadLetterEvent<Guid>(SampleRecords.CounterOf(5), SampleRecords.Of(Counted(5, 1), next[0]++), null));
        foreach (var key in store.DeadLetters.Select(entry => entry.Key).Distinct())
            store.Requests[key] = DeadLetterRequest.Requeue;
        var (owned, turns) = (cursors.ToDictionary(cursor => cursor.Partition), 0);

        for (var seen = -1L; seen != work.Version; turns++)
        {
            seen = work.Version;
            await applier.HandleRequestsAsync(owned, CancellationToken.None);
        }

        store.MaxGivenAtOnce.ShouldBeInRange(1, maxInMemory);
        turns.ShouldBeGreaterThan(keys / 100, "a batch may come in between");
        store.DeadLetters.ShouldBeEmpty();
        store.Rows.Count.ShouldBe(keys + 1);
        store.Rows.Values.Sum(row => row.Total).ShouldBe((keys * eventsOfEach) + (2 * maxInMemory));
    }

    [Fact]
    public void Rows_do_not_depend_on_the_size_of_batches() =>
        Check.Sample(
            Gen.Select(Gen.Int[0, 2].Array[1, 60], Gen.Int[1, 7], (partitions, size) => (partitions, size)),
            sample =>
            {
                var one = Fold(sample.partitions, sample.partitions.Length);
                var many = Fold(sample.partitions, sample.size);
                many.ShouldBe(one, ignoreOrder: true);
            },
            iter: 200);

    private static CounterRow[] Fold(int[] partitions, int size)
    {
        var test = new BatchApplierTests();
        foreach (var chunk in partitions.Select((partition, i) => (partition, (IEvent)Counted(partition, i))).Chunk(size))
            test.Apply(test.EventBatch(chunk)).GetAwaiter().GetResult();
        return [.. test.store.Rows.Values];
    }

    private static Counted Counted(int partition, long by) => new(SampleRecords.CounterOf(partition), by);

    private EventBatch EventBatch(params (int Partition, IEvent Data)[] events)
    {
        var batch = new EventBatch();
        foreach (var (partition, data) in events)
            Add(batch, partition, SampleRecords.Of(data, next[partition]++, partition));
        return batch;
    }

    // A counting event, one of another partition, a raw one, and one after it.
    private EventBatch BatchWith(string type, string data)
    {
        var batch = EventBatch((0, Counted(0, 1)), (1, Counted(1, 1)));
        Add(batch, 0, SampleRecords.Raw(type, data, next[0]++));
        Add(batch, 0, SampleRecords.Of(Counted(0, 10), next[0]++));
        return batch;
    }

    private void Add(EventBatch batch, int partition, LogRecord record)
    {
        cursors[partition].Accept(record).ShouldBeTrue();
        batch.Add(cursors[partition], record);
    }

    private Task Apply(EventBatch batch, ProjectionDefinition? definition = null) =>
        new BatchApplier<Guid, CounterRow>(
            store,
            new BatchFold<Guid, CounterRow>(definition ?? SampleProjections.Concurrent(), new CounterProjection(), null),
            1,
            new LogSignal())
            .ApplyAsync(batch, CancellationToken.None);
}
