using Monolith.BuildingBlocks.EventLog.Events;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>
/// Decides, record by record, what a partition's owner may apply: the next offset and nothing else. Lower offsets are repeats. Higher ones wait for the relay to fill the hole. The record applied last
/// is read once more, and must still be the same event.
/// </summary>
internal sealed class PartitionCursor
{
    private readonly Checkpoint start;
    private readonly long limit;
    private long committedOffset;
    private Guid? committedId;
    private long committedPosition;
    private string? committedSource;
    private long? acceptedPosition;
    private long? readPosition;
    private long beyondHole = -1;
    private bool confirmed;
    private DeletedRecords? deleted;

    /// <param name="start">Where it goes on.</param>
    /// <param name="source">The incarnation of the transport.</param>
    /// <param name="limit">The first offset that is no longer wanted.</param>
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

    public LogPartition Partition => start.Partition;

    public string Source { get; }

    /// <summary>The number of this ownership.</summary>
    public long Epoch => start.Epoch;

    /// <summary>The next offset to accept.</summary>
    public long Next { get; private set; }

    /// <summary>The offset up to which everything is committed.</summary>
    public long Committed => committedOffset;

    /// <summary>The offset up to which everything is folded, be it in memory only.</summary>
    public long Folded { get; private set; }

    public Guid? LastEventId { get; private set; }

    /// <summary>The transport's position of the last event that this owner has applied, be it in memory only; null before the first.</summary>
    public long? AppliedPosition { get; private set; }

    /// <summary>Why nothing more is applied, until the partition is taken anew; null while it goes on.</summary>
    public string? Stopped { get; private set; }

    /// <summary>What is wrong with the input, as far as it was read; it may pass by itself.</summary>
    public string? Waiting { get; private set; }

    /// <summary>Whether the record is the one to apply now. An accepted record moves <see cref="Next"/>.</summary>
    public bool Accept(LogRecord record)
    {
        if (Stopped is not null || record.Offset >= limit)
            return false;

        if (record.Offset < Next)
        {
            ConfirmLast(record);
            // Repeats right behind the last event take positions, but no offsets.
            if (record.Position == readPosition + 1)
                readPosition = record.Position;
            return false;
        }

        if (!confirmed || record.Offset > Next)
        {
            beyondHole = Math.Max(beyondHole, record.Offset);
            return false;
        }

        Next = record.Offset + 1;
        acceptedPosition = readPosition = record.Position;
        LastEventId = record.EventId;
        Waiting = IsBeforeDeleted ? deleted!.Reason : null;
        if (beyondHole < Next)
            beyondHole = -1;
        return true;
    }

    /// <summary>Whether the next event is among those whose records were deleted.</summary>
    public bool IsBeforeDeleted => deleted is { } missing && Next < missing.FirstOffset && !AppliedUpTo(missing);

    /// <summary>
    /// Notes which records were deleted. Where the record applied last is one of them and those behind it are there, it need not be seen again: in the same topic, its position says that nothing is missing.
    /// </summary>
    /// <returns>Whether the partition must be taken again: records that can be applied now were passed by before.</returns>
    public bool NoteDeleted(DeletedRecords? records)
    {
        var before = deleted?.Reason;
        deleted = records;
        var passedBy = false;
        if (records is not null && !confirmed && committedSource == records.Source && committedPosition < records.FirstPosition && (AppliedUpTo(records) || records.FirstOffset == Next))
        {
            confirmed = true;
            passedBy = beyondHole >= 0;
        }

        if (Stopped is null && (IsBeforeDeleted || Waiting == before))
            Waiting = IsBeforeDeleted ? records!.Reason : null;
        return passedBy;
    }

    /// <summary>Judges what is missing, at the end of the partition.</summary>
    public void AtEnd()
    {
        Waiting = this switch
        {
            { Stopped: not null } => null,
            { IsBeforeDeleted: true } => deleted!.Reason,
            { confirmed: false } => $"{Partition} ends before its checkpoint at offset {Next}: the relay is still filling the topic, or the log was restored from a backup. Nothing is applied.",
            { beyondHole: >= 0 } => $"{Partition} holds offset {beyondHole} but not offset {Next}: nothing is applied until the relay has filled the hole. If this lasts longer than a minute, records were removed: delete the topic.",
            _ => null,
        };
    }

    /// <summary>Whether an event is the one that the partition stopped before, or comes after it. What was accepted before it still counts.</summary>
    public bool IsBeyondStop(long offset) => Stopped is not null && offset >= Next;

    /// <summary>Stops the partition before an event; <see cref="Next"/> goes back to it.</summary>
    public void StopAt(long offset, string reason)
    {
        Next = offset;
        Stopped = reason;
    }

    /// <summary>The step from what is committed to a later offset.</summary>
    public CheckpointAdvance AdvanceTo(long offset, Guid lastEventId, long position) =>
        new(Partition, start.Epoch, committedOffset, offset, lastEventId, position, Source);

    /// <summary>A step that moves nothing, and holds only where the partition is still ours.</summary>
    public CheckpointAdvance Confirm() => new(Partition, start.Epoch, committedOffset, committedOffset, committedId, committedPosition, committedSource);

    /// <summary>Notes what was folded in memory, and is committed later.</summary>
    public void MarkFolded(CheckpointAdvance advance)
    {
        Folded = advance.To;
        AppliedPosition = advance.Position;
    }

    /// <summary>Notes what was committed.</summary>
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
        || (Source == records.Source && (AppliedPosition + 1 >= records.FirstPosition || (IsAppliedAsRead && readPosition + 1 >= records.FirstPosition)));

    private bool IsAppliedAsRead => acceptedPosition is not null && (AppliedPosition ?? committedPosition) == acceptedPosition;

    private void ConfirmLast(LogRecord record)
    {
        if (record.Offset != Next - 1)
            return;
        // Of a reader that began behind deleted records the event before it was never known.
        if (record.EventId == LastEventId || LastEventId is null)
            confirmed = true;
        else
            Stopped = $"{Partition} has another event at offset {record.Offset} than the one that was applied ({LastEventId}): this is not the log that the rows were made from (restored from a backup?).";
    }
}
