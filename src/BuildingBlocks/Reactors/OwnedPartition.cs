using System.Diagnostics.CodeAnalysis;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// A partition that this process owns: a queue of events for the reactor, and the last skipped record. The loop adds events, one worker at
/// a time handles them. While it does, only the worker advances the checkpoint.
/// </summary>
internal sealed class OwnedPartition(PartitionCursor cursor, Task before, TimeProvider clock) : IDisposable
{
    // Events beyond this are dropped and read again later.
    private const int MaxQueued = 1_000;

    private readonly Lock gate = new();
    private readonly Queue<Event> queue = new();
    private readonly CancellationTokenSource released = new();

    private LogRecord? skipped;
    private bool working;
    private string? failure;
    private long failingSince;
    private long workingSince;

    public PartitionCursor Cursor { get; } = cursor;

    public LogPartition Partition => Cursor.Partition;

    /// <summary>The work of this ownership and the one before: a process never handles an event twice at the same time.</summary>
    public Task Work { get; private set; } = before;

    /// <summary>Cancelled when the partition is released.</summary>
    public CancellationToken Released => released.Token;

    /// <summary>The queue was full: further events are dropped until the partition is claimed again.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>Another process has advanced or claimed the checkpoint.</summary>
    public bool IsLost { get; private set; }

    public bool IsIdle
    {
        get
        {
            lock (gate)
                return !working;
        }
    }

    /// <summary>No event is being handled, and there is no known reason for that.</summary>
    public bool MayBeStalled => IsIdle && !IsOverfull && !IsLost && Cursor.Stopped is null;

    /// <summary>Why handling the current event fails, and for how long; null if it does not.</summary>
    public (string Reason, TimeSpan For)? Failure
    {
        get
        {
            lock (gate)
                return failure is null ? null : (failure, clock.GetElapsedTime(failingSince));
        }
    }

    /// <summary>How long the current event has been handled.</summary>
    public TimeSpan WorkingFor
    {
        get
        {
            lock (gate)
                return workingSince == 0 ? TimeSpan.Zero : clock.GetElapsedTime(workingSince);
        }
    }

    /// <summary>Whether one more event can be queued.</summary>
    public bool HasRoom()
    {
        lock (gate)
            IsOverfull |= queue.Count >= MaxQueued;
        return !IsOverfull;
    }

    /// <summary>Queues an event; starts a worker if there is none.</summary>
    public void Add(Event e, Func<OwnedPartition, Task> work)
    {
        lock (gate)
        {
            queue.Enqueue(e);
            if (working)
                return;
            working = true;
        }

        var earlier = Work;
        Work = Task.Run(async () =>
        {
            await earlier.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await work(this);
        });
    }

    /// <summary>Dequeues the next event. If there is none, the worker ends.</summary>
    public bool TryDequeue([NotNullWhen(true)] out Event? e)
    {
        lock (gate)
        {
            working = queue.TryDequeue(out e);
            workingSince = working ? clock.GetTimestamp() : 0;
            failure = null;
        }

        return e is not null;
    }

    /// <summary>Skips a record of an unwanted type.</summary>
    public void Skip(LogRecord record) => skipped = record;

    /// <summary>The last skipped record, if it is beyond the checkpoint and no earlier event is being handled.</summary>
    public bool TryGetSkipped([NotNullWhen(true)] out LogRecord? record)
    {
        record = skipped;
        return record is not null && record.Offset >= Cursor.Committed && IsIdle && !IsLost;
    }

    public void NoteFailure(string reason)
    {
        lock (gate)
        {
            if (failure is null)
                failingSince = clock.GetTimestamp();
            failure = reason;
        }
    }

    public void NoteLost() => IsLost = true;

    /// <summary>Releases the partition: the current event is cancelled, and may be handled again by the next owner.</summary>
    public void Dispose()
    {
        released.Cancel();
        // Not disposed, since the worker may still read the token; without a timer there is nothing to free.
    }
}
