using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Cursors;
using Monolith.BuildingBlocks.Streaming.Messages;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>
/// The recent events of all logs in one order, shared by all listeners of the process. A listener only keeps the index of its next event.
/// The oldest events are removed when the buffer is full, even if a listener has not read them.
/// </summary>
internal sealed class EventRing
{
    private readonly Lock gate = new();
    private readonly LogLayout layout;
    private readonly LiveEvent?[] slots;
    private readonly long maxBytes;
    private readonly long[] oldest;
    private readonly long[] newest;
    private long first;
    private long next;
    private long bytes;

    /// <summary>Creates an empty ring after the given offsets.</summary>
    public EventRing(LogLayout layout, long[] start, int capacity, long maxBytes)
    {
        this.layout = layout;
        this.maxBytes = maxBytes;
        slots = new LiveEvent?[capacity];
        oldest = [.. start];
        newest = [.. start];
    }

    /// <summary>Adds records, which are the next ones of their partitions.</summary>
    public void Append(IReadOnlyList<LogRecord> records)
    {
        lock (gate)
        {
            foreach (var record in records)
            {
                newest[IndexOf(record)] = record.Offset + 1;
                while (next - first == slots.Length || (bytes + record.Data.Length > maxBytes && next > first))
                    RemoveFirst();
                slots[next % slots.Length] = new LiveEvent(record, StreamCursor.Encode(layout, newest));
                bytes += record.Data.Length;
                next++;
            }
        }
    }

    /// <summary>The next offset to read of each partition.</summary>
    public long[] Newest()
    {
        lock (gate)
            return [.. newest];
    }

    /// <summary>The position after the last event.</summary>
    public RingCursor End()
    {
        lock (gate)
            return new RingCursor(next, [.. newest]);
    }

    /// <summary>The first position of the ring; null if an event that a listener has not seen has been removed.</summary>
    public RingCursor? Join(ReadOnlySpan<long> seen)
    {
        lock (gate)
        {
            for (var i = 0; i < oldest.Length; i++)
            {
                if (seen[i] < oldest[i])
                    return null;
            }

            return new RingCursor(first, [.. oldest]);
        }
    }

    /// <summary>Reads at most <paramref name="max"/> events from an index on.</summary>
    /// <returns>False if they have been removed: the reader was too slow.</returns>
    public bool Read(long from, int max, List<LiveEvent> into)
    {
        lock (gate)
        {
            if (from < first)
                return false;
            var end = Math.Min(next, from + max);
            for (var index = from; index < end; index++)
                into.Add(slots[index % slots.Length]!);
            return true;
        }
    }

    private void RemoveFirst()
    {
        ref var slot = ref slots[first % slots.Length];
        var record = slot!.Record;
        oldest[IndexOf(record)] = record.Offset + 1;
        bytes -= record.Data.Length;
        slot = null;
        first++;
    }

    private int IndexOf(LogRecord record) => layout.IndexOf(new LogPartition(record.Log, record.Partition));
}

/// <summary>A position in the ring.</summary>
/// <param name="Index">The index of the next event.</param>
/// <param name="Vector">The next offset of each partition at this position.</param>
internal sealed record RingCursor(long Index, long[] Vector);
