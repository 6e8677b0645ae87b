using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Reading;

/// <summary>
/// Decides which record of a partition its owner may apply: the one at the next offset. A lower offset is a duplicate. A higher offset
/// waits until the gap is filled. The record that was applied last is read again and must still be the same event.
/// </summary>
/// <remarks>Not thread-safe: one loop owns a cursor.</remarks>
public sealed class PartitionCursor
{
    private readonly Checkpoint start;
    private readonly long limit;
    private long committedOffset;
    private Guid? committedId;
    private long committedPosition;
    private string? committedSource;
    private long? acceptedPosition;
    private long? readPosition;
    private long beyondGap = -1;
    private bool confirmed;
    private DeletedRecords? deleted;

    /// <summary>Starts at a checkpoint.</summary>
    /// <param name="start">The checkpoint.</param>
    /// <param name="source">The incarnation of the transport.</param>
    /// <param name="limit">The first offset that is not read.</param>
    public PartitionCursor(Checkpoint start, string source, long limit = long.MaxValue)
    {
        this.start = start;
        this.limit = limit;
        Source = source;
        committedOffset = start.NextOffset;
        committedId = start.LastEventId;
        committedPosition = start.Position;
        committedSource = start.Source;
        Next = start.NextOffset;
        LastEventId = start.LastEventId;
        confirmed = start.NextOffset == 0;
        if (start.NextOffset > 0 && start.Source == source)
            acceptedPosition = readPosition = start.Position;
    }

    /// <summary>The partition.</summary>
    public LogPartition Partition => start.Partition;

    /// <summary>The incarnation of the transport.</summary>
    public string Source { get; }

    /// <summary>The number of this ownership. A later owner has a higher one.</summary>
    public long Epoch => start.Epoch;

    /// <summary>The next offset to accept.</summary>
    public long Next { get; private set; }

    /// <summary>The offset up to which everything is committed.</summary>
    public long Committed => committedOffset;

    /// <summary>The offset up to which everything is folded, including steps that are not committed yet.</summary>
    public long Folded { get; private set; }

    /// <summary>The id of the event before <see cref="Next"/>; null if it is not known.</summary>
    public Guid? LastEventId { get; private set; }

    /// <summary>The transport's position of the last event that this owner has folded; null before the first.</summary>
    public long? AppliedPosition { get; private set; }

    /// <summary>Why the partition is stopped until it is assigned again; null while it is not.</summary>
    public string? Stopped { get; private set; }

    /// <summary>
    /// Why the partition waits for a record that is missing in the transport; null while it does not. The cause may be temporary.
    /// </summary>
    public string? Waiting { get; private set; }

    /// <summary>Accepts the record at the next offset and moves <see cref="Next"/> beyond it.</summary>
    /// <param name="record">The record that was read.</param>
    /// <returns>Whether the record is to be applied.</returns>
    public bool Accept(LogRecord record)
    {
        if (Stopped is not null || record.Offset >= limit)
            return false;

        if (record.Offset < Next)
        {
            ConfirmLast(record);
            // Duplicates directly after the last event have their own positions, but no new offsets.
            if (record.Position == readPosition + 1)
                readPosition = record.Position;
            return false;
        }

        if (!confirmed || record.Offset > Next)
        {
            beyondGap = Math.Max(beyondGap, record.Offset);
            return false;
        }

        Next = record.Offset + 1;
        acceptedPosition = readPosition = record.Position;
        LastEventId = record.EventId;
        Waiting = IsBeforeDeleted ? deleted!.Reason : null;
        if (beyondGap < Next)
            beyondGap = -1;
        return true;
    }

    /// <summary>Whether the next event is among those whose records were deleted.</summary>
    public bool IsBeforeDeleted => deleted is { } missing && Next < missing.FirstOffset && !AppliedUpTo(missing);

    /// <summary>
    /// Notes which records were deleted. If the record that was applied last is one of them and all later records are there, it is not
    /// read again: its position in the same topic proves that nothing is missing.
    /// </summary>
    /// <param name="records">The deleted records; null if there are none.</param>
    /// <returns>Whether the partition must be assigned again, because records that can be applied now were skipped before.</returns>
    public bool NoteDeleted(DeletedRecords? records)
    {
        var before = deleted?.Reason;
        deleted = records;
        var wasSkipped = false;
        if (records is not null && !confirmed && committedSource == records.Source && committedPosition < records.FirstPosition
            && (AppliedUpTo(records) || records.FirstOffset == Next))
        {
            confirmed = true;
            wasSkipped = beyondGap >= 0;
        }

        if (Stopped is null && (IsBeforeDeleted || Waiting == before))
            Waiting = IsBeforeDeleted ? records!.Reason : null;
        return wasSkipped;
    }

    /// <summary>Sets <see cref="Waiting"/> when the head of the partition is reached.</summary>
    public void AtEnd()
    {
        Waiting = this switch
        {
            { Stopped: not null } => null,
            { IsBeforeDeleted: true } => deleted!.Reason,
            { confirmed: false } => $"{Partition} ends before its checkpoint at offset {Next}: "
                + "the relay is still filling the topic, or the log was restored from a backup. Nothing is applied.",
            { beyondGap: >= 0 } => $"{Partition} holds offset {beyondGap} but not offset {Next}: nothing is applied until the relay has "
                + "filled the gap. If this lasts longer than a minute, records were removed: delete the topic.",
            _ => null,
        };
    }

    /// <summary>Whether the partition is stopped at or before an offset.</summary>
    /// <param name="offset">The offset of an event.</param>
    public bool IsBeyondStop(long offset) => Stopped is not null && offset >= Next;

    /// <summary>Stops the partition before an event. <see cref="Next"/> goes back to it.</summary>
    /// <param name="offset">The offset of the event.</param>
    /// <param name="reason">The reason, as a sentence.</param>
    public void StopAt(long offset, string reason)
    {
        Next = offset;
        Stopped = reason;
    }

    /// <summary>The step of the checkpoint from the committed offset to a later one.</summary>
    /// <param name="offset">The next offset to apply afterwards.</param>
    /// <param name="lastEventId">The id of the event before it.</param>
    /// <param name="position">The transport's position of that event.</param>
    public CheckpointAdvance AdvanceTo(long offset, Guid lastEventId, long position) =>
        new(Partition, start.Epoch, committedOffset, offset, lastEventId, position, Source);

    /// <summary>A step that does not move the checkpoint. It commits only while this owner still has the partition.</summary>
    public CheckpointAdvance Confirm() =>
        new(Partition, start.Epoch, committedOffset, committedOffset, committedId, committedPosition, committedSource);

    /// <summary>Notes a step that was folded in memory and is committed later.</summary>
    /// <param name="advance">The step.</param>
    public void MarkFolded(CheckpointAdvance advance)
    {
        Folded = advance.To;
        AppliedPosition = advance.Position;
    }

    /// <summary>Notes a step that was committed.</summary>
    /// <param name="advance">The step.</param>
    public void MarkCommitted(CheckpointAdvance advance)
    {
        committedOffset = advance.To;
        committedId = advance.LastEventId;
        committedPosition = advance.Position;
        committedSource = advance.Source;
        MarkFolded(advance);
    }

    private bool AppliedUpTo(DeletedRecords records) =>
        (committedSource == records.Source && committedPosition + 1 >= records.FirstPosition)
        || (Source == records.Source && (AppliedPosition + 1 >= records.FirstPosition
            || (IsEverythingApplied && readPosition + 1 >= records.FirstPosition)));

    private bool IsEverythingApplied => acceptedPosition is not null && (AppliedPosition ?? committedPosition) == acceptedPosition;

    private void ConfirmLast(LogRecord record)
    {
        if (record.Offset != Next - 1)
            return;
        // A reader that started after deleted records never knew the event before its first one.
        if (record.EventId == LastEventId || LastEventId is null)
            confirmed = true;
        else
        {
            Stopped = $"{Partition} has another event at offset {record.Offset} than the one that was applied ({LastEventId}): "
                + "this is not the log that the rows were built from (restored from a backup?).";
        }
    }
}
