using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>
/// The recent past of all logs in one order, which all listeners of the process share: each only has a number, the index of what it reads next. What is older than the buffer is forgotten, whoever has
/// not read it yet.
/// </summary>
internal sealed class EventRing
{
    private readonly Lock gate = new();
    private readonly LogLayout layout;
    private readonly LiveEvent?[] slots;
    private readonly long mostBytes;
    private readonly long[] oldest;
    private readonly long[] newest;
    private long first;
    private long next;
    private long bytes;

    /// <param name="layout">The logs.</param>
    /// <param name="start">The next offset of each partition.</param>
    /// <param name="capacity">How many events are kept.</param>
    /// <param name="mostBytes">How many bytes of data are kept.</param>
    public EventRing(LogLayout layout, long[] start, int capacity, long mostBytes)
    {
        this.layout = layout;
        this.mostBytes = mostBytes;
        slots = new LiveEvent?[capacity];
        oldest = [.. start];
        newest = [.. start];
    }

    /// <summary>Adds what was read: of each partition the next offsets.</summary>
    public void Append(IReadOnlyList<LogRecord> records)
    {
        lock (gate)
        {
            foreach (var record in records)
            {
                newest[IndexOf(record)] = record.Offset + 1;
                while (next - first == slots.Length || (bytes + record.Data.Length > mostBytes && next > first))
                    Forget();
                slots[next % slots.Length] = new LiveEvent(record, StreamCursor.Encode(layout, newest));
                bytes += record.Data.Length;
                next++;
            }
        }
    }

    /// <summary>The next offset of each partition, as far as was read.</summary>
    public long[] Newest()
    {
        lock (gate)
            return [.. newest];
    }

    /// <summary>The end: what comes from now on.</summary>
    public RingCursor End()
    {
        lock (gate)
            return new RingCursor(next, [.. newest]);
    }

    /// <summary>Where to join for somebody who has seen everything below a vector; null where some of what it has not seen is forgotten.</summary>
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

    /// <summary>Reads on.</summary>
    /// <param name="from">The index to read from.</param>
    /// <param name="most">How many events at most.</param>
    /// <param name="into">Receives them.</param>
    /// <returns>False where they are forgotten: the reader was too slow.</returns>
    public bool Read(long from, int most, List<LiveEvent> into)
    {
        lock (gate)
        {
            if (from < first)
                return false;
            var end = Math.Min(next, from + most);
            for (var index = from; index < end; index++)
                into.Add(slots[index % slots.Length]!);
            return true;
        }
    }

    private void Forget()
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
