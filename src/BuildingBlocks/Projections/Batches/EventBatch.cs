using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>A record and the cursor of its partition.</summary>
internal readonly record struct BatchEntry(PartitionCursor Cursor, LogRecord Record);

/// <summary>Accepted records to apply in one transaction, in the order in which they were read.</summary>
internal sealed class EventBatch
{
    private readonly List<BatchEntry> entries = [];

    public IReadOnlyList<BatchEntry> Entries => entries;

    public int Count => entries.Count;

    public void Add(PartitionCursor cursor, LogRecord record) => entries.Add(new BatchEntry(cursor, record));

    public void Clear() => entries.Clear();

    public (EventBatch First, EventBatch Second) Halve()
    {
        var (first, second) = (new EventBatch(), new EventBatch());
        first.entries.AddRange(entries[..(entries.Count / 2)]);
        second.entries.AddRange(entries[(entries.Count / 2)..]);
        return (first, second);
    }

    /// <summary>Removes the records at or after the offset at which their cursor stopped.</summary>
    public void RemoveStopped() => entries.RemoveAll(entry => entry.Cursor.IsBeyondStop(entry.Record.Offset));

    /// <summary>Removes the records at or after the given offsets.</summary>
    public void RemoveFrom(IReadOnlyDictionary<LogPartition, long> offsets) =>
        entries.RemoveAll(entry => entry.Record.Offset >= offsets.GetValueOrDefault(entry.Cursor.Partition));

    /// <summary>Keeps only the records of cursors that match: the checkpoints of the others were lost.</summary>
    public void Keep(Predicate<PartitionCursor> match) => entries.RemoveAll(entry => !match(entry.Cursor));

    /// <summary>How far the batch advances each cursor.</summary>
    public Dictionary<PartitionCursor, CheckpointAdvance> Advances()
    {
        var advances = new Dictionary<PartitionCursor, CheckpointAdvance>();
        foreach (var (cursor, record) in entries)
        {
            if (!cursor.IsBeyondStop(record.Offset))
                advances[cursor] = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        }

        return advances;
    }
}
