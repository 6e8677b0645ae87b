using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Batches;

/// <summary>Accepted records on their way into the store, in the order in which they came.</summary>
internal sealed class EventBatch
{
    private readonly List<BatchEntry> entries = [];

    public IReadOnlyList<BatchEntry> Entries => entries;

    public int Count => entries.Count;

    public void Add(PartitionCursor cursor, LogRecord record) => entries.Add(new BatchEntry(cursor, record));

    public void Clear() => entries.Clear();

    /// <summary>Splits in two, so that what the store refuses can be found.</summary>
    public (EventBatch First, EventBatch Second) Halve()
    {
        var (first, second) = (new EventBatch(), new EventBatch());
        first.entries.AddRange(entries[..(entries.Count / 2)]);
        second.entries.AddRange(entries[(entries.Count / 2)..]);
        return (first, second);
    }

    /// <summary>Takes out what comes after a stop.</summary>
    public void DropStopped() => entries.RemoveAll(entry => entry.Cursor.IsBeyondStop(entry.Record.Offset));

    /// <summary>Takes out what is at or beyond some offsets.</summary>
    public void DropFrom(IReadOnlyDictionary<LogPartition, long> ends) => entries.RemoveAll(entry => entry.Record.Offset >= ends.GetValueOrDefault(entry.Cursor.Partition));

    /// <summary>Takes out what belongs to other cursors: their checkpoint was lost.</summary>
    public void Keep(Predicate<PartitionCursor> current) => entries.RemoveAll(entry => !current(entry.Cursor));
}

/// <summary>A record and the partition that it belongs to.</summary>
internal readonly record struct BatchEntry(PartitionCursor Cursor, LogRecord Record);

/// <summary>How far a batch brings each partition.</summary>
internal static class BatchAdvances
{
    public static Dictionary<PartitionCursor, CheckpointAdvance> Of(EventBatch batch)
    {
        var advances = new Dictionary<PartitionCursor, CheckpointAdvance>();
        foreach (var (cursor, record) in batch.Entries)
        {
            if (!cursor.IsBeyondStop(record.Offset))
                advances[cursor] = cursor.AdvanceTo(record.Offset + 1, record.EventId, record.Position);
        }

        return advances;
    }
}
