using System.Diagnostics.CodeAnalysis;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>
/// A partition that is this process's: the events that wait for their reaction, and how far the others are passed by. The loop adds, one worker at a time takes; while one works, only it moves the
/// checkpoint.
/// </summary>
internal sealed class OwnedPartition(PartitionCursor cursor, Task before, TimeProvider clock) : IDisposable
{
    /// <summary>What waits beyond this is read once more when its turn comes.</summary>
    private const int MostWaiting = 1_000;

    private readonly Lock gate = new();
    private readonly Queue<Event> waiting = new();
    private readonly CancellationTokenSource given = new();
    private LogRecord? passed;
    private bool working;
    private string? failure;
    private long failingSince;
    private long workingSince;

    public PartitionCursor Cursor { get; } = cursor;

    public LogPartition Partition => Cursor.Partition;

    /// <summary>The work of this ownership, and of the one before: nothing is reacted to twice at once in one process.</summary>
    public Task Work { get; private set; } = before;

    /// <summary>Cancelled when the partition is given up.</summary>
    public CancellationToken Given => given.Token;

    /// <summary>More came than may wait: what comes after it is not looked at until the partition is taken anew.</summary>
    public bool IsOverfull { get; private set; }

    /// <summary>The checkpoint was moved by somebody else.</summary>
    public bool IsLost { get; private set; }

    public bool IsIdle
    {
        get
        {
            lock (gate)
                return !working;
        }
    }

    /// <summary>Nothing is in work, and nothing says why it stands.</summary>
    public bool CouldGoOn => IsIdle && !IsOverfull && !IsLost && Cursor.Stopped is null;

    /// <summary>Why the present reaction fails, and for how long it has; null where it does not.</summary>
    public (string Reason, TimeSpan For)? Failure
    {
        get
        {
            lock (gate)
                return failure is null ? null : (failure, clock.GetElapsedTime(failingSince));
        }
    }

    /// <summary>How long the present reaction takes already.</summary>
    public TimeSpan WorkingFor
    {
        get
        {
            lock (gate)
                return workingSince == 0 ? TimeSpan.Zero : clock.GetElapsedTime(workingSince);
        }
    }

    /// <summary>Whether one more may wait.</summary>
    public bool HasRoom()
    {
        lock (gate)
            IsOverfull |= waiting.Count >= MostWaiting;
        return !IsOverfull;
    }

    /// <summary>Adds an event to react to; starts the work where nobody works.</summary>
    public void Add(Event happened, Func<OwnedPartition, Task> work)
    {
        lock (gate)
        {
            waiting.Enqueue(happened);
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

    /// <summary>Takes the next event to react to. Where there is none, the work is over.</summary>
    public bool TryTake([NotNullWhen(true)] out Event? happened)
    {
        lock (gate)
        {
            working = waiting.TryDequeue(out happened);
            workingSince = working ? clock.GetTimestamp() : 0;
            failure = null;
        }

        return happened is not null;
    }

    /// <summary>Notes a record that nobody wants.</summary>
    public void Pass(LogRecord record) => passed = record;

    /// <summary>The last record passed by, where it is beyond the checkpoint and nothing before it is in work.</summary>
    public bool TryPassed([NotNullWhen(true)] out LogRecord? record)
    {
        record = passed;
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

    /// <summary>Gives the partition up: what is in work is cancelled, and may be done once more by whoever owns it next.</summary>
    public void Dispose()
    {
        given.Cancel();
        // Its worker may still look at the token; without a timer there is nothing to release.
    }
}
