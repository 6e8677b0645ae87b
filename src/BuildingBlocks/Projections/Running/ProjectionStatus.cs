using System.Collections.Concurrent;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Where a projection of this process stands; written by its runner, read by health checks and by those who wait for an event to be visible.</summary>
public sealed class ProjectionStatus
{
    private readonly ConcurrentDictionary<LogPartition, PartitionStatus> partitions = new();
    private readonly ConcurrentDictionary<string, string> unknownTypes = new();
    private readonly ConcurrentDictionary<string, string> troubles = new();
    private readonly LogSignal progress = new();
    private readonly TimeProvider clock;
    private long applyingSince;

    /// <summary>Starts with nothing owned.</summary>
    /// <param name="name">The projection's name.</param>
    /// <param name="logs">The logs that feed it.</param>
    /// <param name="clock">Tells how long a page takes.</param>
    public ProjectionStatus(string name, IReadOnlyList<string> logs, TimeProvider clock)
    {
        Name = name;
        Logs = logs;
        this.clock = clock;
    }

    /// <summary>The projection's name.</summary>
    public string Name { get; }

    /// <summary>The logs that feed the projection.</summary>
    public IReadOnlyList<string> Logs { get; }

    /// <summary>The generation that is kept current; 0 before the store is ready.</summary>
    public int Generation { get; internal set; }

    /// <summary>What keeps the whole projection from running; null while it runs.</summary>
    public string? Problem { get; internal set; }

    /// <summary>What keeps pages from being written, until one gets through; null where nothing does.</summary>
    public string? PageProblem { get; internal set; }

    /// <summary>What the reader has trouble with; null where there is none.</summary>
    public string? TransportProblem => troubles.Values.FirstOrDefault();

    /// <summary>The partitions that this process owns.</summary>
    public IReadOnlyCollection<PartitionStatus> Partitions => [.. partitions.Values];

    /// <summary>Types that were read and that this binary does not know, with the event where each was seen first.</summary>
    public IReadOnlyDictionary<string, string> UnknownTypes => unknownTypes;

    /// <summary>How long the page in work has been tried; zero between pages.</summary>
    public TimeSpan ApplyingFor
    {
        get
        {
            var since = Volatile.Read(ref applyingSince);
            return since == 0 ? TimeSpan.Zero : clock.GetElapsedTime(since);
        }
    }

    /// <summary>Waits until the events of a partition below an offset are visible in the rows, as far as this process applies them.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="offset">The next offset that the checkpoint must have reached.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitForAsync(LogPartition partition, long offset, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = progress.Version;
            if (partitions.TryGetValue(partition, out var status) && status.NextOffset >= offset)
                return;
            await progress.WaitAsync(seen, cancellation);
        }
    }

    internal void Begin() => Volatile.Write(ref applyingSince, clock.GetTimestamp());

    internal void End() => Volatile.Write(ref applyingSince, 0);

    internal void Publish(IEnumerable<PartitionCursor> cursors)
    {
        foreach (var cursor in cursors)
            partitions[cursor.Partition] = new PartitionStatus(cursor.Partition, cursor.Committed, cursor.Stopped, cursor.Waiting);
        progress.Pulse();
    }

    internal void Remove(LogPartition partition) => partitions.TryRemove(partition, out _);

    /// <summary>Begins anew, with a new reader that owns nothing yet.</summary>
    internal void Clear()
    {
        partitions.Clear();
        troubles.Clear();
        PageProblem = null;
    }

    internal void NoteTrouble(string subject, string? problem)
    {
        if (problem is null)
            troubles.TryRemove(subject, out _);
        else
            troubles[subject] = problem;
    }

    internal bool NoteUnknownType(string type, string where) => unknownTypes.TryAdd(type, where);
}
