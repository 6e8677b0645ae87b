using CsCheck;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.Events.Tests;

/// <summary>Invariants 7 and 8, record by record.</summary>
[Trait("Category", "Unit")]
public sealed class PartitionCursorTests
{
    private static readonly LogPartition Partition = new("shop.events", 0);

    private readonly PartitionCursor atStart = new(new Checkpoint(Partition, 1, 0, null, 0, null), "here");
    private readonly PartitionCursor atFive = new(new Checkpoint(Partition, 3, 5, SampleRecords.IdAt(0, 4), 1_004, "here"), "here");

    [Fact]
    public void Next_offset_is_applied_and_a_lower_one_skipped()
    {
        Accepted(atStart, 0, 1, 1, 0, 2, 1, 2, 3).ShouldBe([0, 1, 2, 3]);

        atStart.Next.ShouldBe(4);
        atStart.Stopped.ShouldBeNull();
    }

    [Fact]
    public void Higher_offset_waits_until_the_gap_is_filled()
    {
        Accepted(atStart, 0, 2, 3).ShouldBe([0]);
        atStart.AtEnd();
        atStart.Waiting.ShouldNotBeNull().ShouldContain("holds offset 3 but not offset 1");

        Accepted(atStart, 1, 2, 3, 4).ShouldBe([1, 2, 3, 4]);
        atStart.AtEnd();
        atStart.Waiting.ShouldBeNull();
    }

    [Fact]
    public void Partly_filled_gap_is_reported_at_the_end()
    {
        Accepted(atStart, 0, 5, 1, 2).ShouldBe([0, 1, 2]);

        atStart.AtEnd();

        atStart.Waiting.ShouldNotBeNull().ShouldContain("not offset 3");
    }

    [Fact]
    public void Cursor_waits_for_the_last_applied_event()
    {
        Accepted(atFive, 5, 6).ShouldBeEmpty();
        Accepted(atFive, 3, 4, 5, 6).ShouldBe([5, 6]);
    }

    [Fact]
    public void Another_event_at_the_checkpoint_is_another_log()
    {
        atFive.Accept(SampleRecords.Raw("shop.counted.v1", "{}", 4, id: Guid.NewGuid())).ShouldBeFalse();

        atFive.Stopped.ShouldNotBeNull().ShouldContain("not the log that the rows were built from");
        Accepted(atFive, 4, 5).ShouldBeEmpty();
        atFive.AtEnd();
        atFive.Waiting.ShouldBeNull("a stopped partition has its own reason");
    }

    [Fact]
    public void Other_event_at_an_applied_offset_is_another_log()
    {
        Accepted(atStart, 0, 1).ShouldBe([0, 1]);

        atStart.Accept(SampleRecords.Raw("shop.counted.v1", "{}", 1, id: Guid.NewGuid())).ShouldBeFalse();

        atStart.Stopped.ShouldNotBeNull();
        atStart.Next.ShouldBe(2, "records accepted before remain accepted");
    }

    [Fact]
    public void End_before_the_checkpoint_is_reported_until_it_passes()
    {
        Accepted(atFive, 0, 1).ShouldBeEmpty();
        atFive.AtEnd();
        atFive.Waiting.ShouldNotBeNull().ShouldContain("ends before its checkpoint at offset 5");

        Accepted(atFive, 2, 3, 4, 5).ShouldBe([5]);
        atFive.Waiting.ShouldBeNull();
    }

    [Fact]
    public void New_partition_may_be_empty()
    {
        atStart.AtEnd();

        atStart.Waiting.ShouldBeNull();
    }

    [Fact]
    public void Deleted_records_are_reported_until_they_are_back()
    {
        atStart.NoteDeleted(Deleted(first: 20)).ShouldBeFalse();
        atStart.Waiting.ShouldBe("deleted");

        Accepted(atStart, 20, 21).ShouldBeEmpty();
        atStart.AtEnd();
        atStart.Waiting.ShouldBe("deleted", "more specific than a gap");

        Accepted(atStart, 0, 1).ShouldBe([0, 1]);
        atStart.Waiting.ShouldBe("deleted");
        atStart.NoteDeleted(null);
        atStart.Waiting.ShouldBeNull();
    }

    [Fact]
    public void Gap_is_reported_again_without_deleted_records()
    {
        Accepted(atStart, 0, 2).ShouldBe([0]);
        atStart.AtEnd();

        atStart.NoteDeleted(null);

        atStart.Waiting.ShouldNotBeNull().ShouldContain("not offset 1");
    }

    [Theory, InlineData(1_005, 1_005), InlineData(1_007, 5)]
    public void Checkpoint_at_deleted_records_continues_without_its_last_event(long position, long first)
    {
        atFive.NoteDeleted(new DeletedRecords(first, position, "here", "deleted")).ShouldBeFalse();

        atFive.Waiting.ShouldBeNull();
        Accepted(atFive, 5, 6).ShouldBe([5, 6]);
    }

    [Fact]
    public void Skipped_records_require_a_new_assignment()
    {
        Accepted(atFive, 5, 6).ShouldBeEmpty();

        atFive.NoteDeleted(new DeletedRecords(5, 1_005, "here", "deleted")).ShouldBeTrue();
    }

    [Theory, InlineData(1_006, 6, "here"), InlineData(1_005, 1_005, "elsewhere")]
    public void Checkpoint_before_deleted_records_waits(long position, long first, string source)
    {
        atFive.NoteDeleted(new DeletedRecords(first, position, source, "deleted")).ShouldBeFalse();

        Accepted(atFive, 6, 7).ShouldBeEmpty();
        atFive.AtEnd();
        atFive.Waiting.ShouldBe("deleted");
    }

    [Fact]
    public void Start_behind_deleted_records_continues_in_a_restored_topic()
    {
        var cursor = new PartitionCursor(new Checkpoint(Partition, 1, 5, null, 4, "before"), "here");

        Accepted(cursor, 0, 1, 2, 3, 4, 5, 6).ShouldBe([5, 6]);
        cursor.Stopped.ShouldBeNull();
    }

    [Fact]
    public void Reader_past_the_deleted_records_goes_on()
    {
        Accepted(atFive, 4, 5, 6).ShouldBe([5, 6]);
        atFive.MarkCommitted(atFive.AdvanceTo(7, SampleRecords.IdAt(0, 6), 1_006));

        // Only the position of an emptied partition is known.
        atFive.NoteDeleted(new DeletedRecords(1_007, 1_007, "here", "deleted")).ShouldBeFalse();

        atFive.Waiting.ShouldBeNull();
        Accepted(atFive, 7, 8).ShouldBe([7, 8]);
        atFive.AtEnd();
        atFive.Waiting.ShouldBeNull();
    }

    [Theory, InlineData(25, null), InlineData(26, "deleted")]
    public void Repeats_next_to_deleted_records_count_as_read(long position, string? waiting)
    {
        for (var at = 0; at < 25; at++)
            atStart.Accept(RecordAt(at < 20 ? at : at - 5, at)).ShouldBe(at < 20);
        atStart.MarkCommitted(atStart.AdvanceTo(20, SampleRecords.IdAt(0, 19), 19));

        // Only the position of an emptied partition is known.
        atStart.NoteDeleted(new DeletedRecords(position, position, "here", "deleted"));

        atStart.Waiting.ShouldBe(waiting);
        atStart.AtEnd();
        atStart.Waiting.ShouldBe(waiting);
    }

    [Fact]
    public void Repeats_count_as_read_after_a_restart()
    {
        var cursor = new PartitionCursor(new Checkpoint(Partition, 1, 20, SampleRecords.IdAt(0, 19), 19, "here"), "here");
        for (var at = 19; at < 25; at++)
            cursor.Accept(RecordAt(at == 19 ? 19 : at - 5, at)).ShouldBeFalse();

        cursor.NoteDeleted(new DeletedRecords(25, 25, "here", "deleted"));

        cursor.Waiting.ShouldBeNull();
        cursor.Accept(RecordAt(20, 25)).ShouldBeTrue();
    }

    [Fact]
    public void Repeats_behind_an_unread_position_do_not_count()
    {
        for (var at = 0; at < 20; at++)
            atStart.Accept(RecordAt(at, at)).ShouldBeTrue();
        atStart.MarkCommitted(atStart.AdvanceTo(20, SampleRecords.IdAt(0, 19), 19));
        atStart.Accept(RecordAt(15, 24)).ShouldBeFalse();

        atStart.NoteDeleted(new DeletedRecords(25, 25, "here", "deleted"));

        atStart.Waiting.ShouldBe("deleted");
    }

    [Fact]
    public void Stop_goes_back_to_its_event_and_accepts_nothing()
    {
        Accepted(atStart, 0, 1, 2).ShouldBe([0, 1, 2]);

        atStart.StopAt(1, "because");

        atStart.Next.ShouldBe(1);
        Accepted(atStart, 0, 1, 2, 3).ShouldBeEmpty();
    }

    [Fact]
    public void Advance_starts_where_the_last_one_ended()
    {
        Accepted(atFive, 4, 5, 6, 7).ShouldBe([5, 6, 7]);

        var first = atFive.AdvanceTo(7, SampleRecords.IdAt(0, 6), 1_006);
        first.ShouldBe(new(Partition, 3, 5, 7, SampleRecords.IdAt(0, 6), 1_006, "here"));
        atFive.MarkCommitted(first);

        atFive.AdvanceTo(8, SampleRecords.IdAt(0, 7), 1_007).From.ShouldBe(7);
    }

    [Fact]
    public void Each_offset_is_applied_once_and_in_order() =>
        Check.Sample(Gen.Int[0, 12].Array[0, 200], offsets =>
        {
            var cursor = new PartitionCursor(new Checkpoint(Partition, 1, 0, null, 0, null), "here");
            var applied = offsets.Where(offset => cursor.Accept(SampleRecords.Raw("t", "{}", offset))).ToArray();
            applied.ShouldBe(Enumerable.Range(0, applied.Length));
            cursor.AtEnd();
            (cursor.Waiting is null).ShouldBe(offsets.All(offset => offset < applied.Length), "unapplied records are reported");
        });

    private static LogRecord RecordAt(long offset, long position) => SampleRecords.Raw("shop.counted.v1", "{}", offset, position: position);

    private static DeletedRecords Deleted(long first) => new(first, first, "here", "deleted");

    private static long[] Accepted(PartitionCursor cursor, params long[] offsets) =>
        [
            .. offsets.Select(offset => SampleRecords.Raw("shop.counted.v1", "{}", offset))
            .Where(cursor.Accept)
            .Select(record => record.Offset)
        ];
}
