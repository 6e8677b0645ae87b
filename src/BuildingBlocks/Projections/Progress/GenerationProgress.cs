using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>Where one generation stands in this process; written by its loop alone.</summary>
/// <param name="advanced">Pulsed with every step.</param>
/// <param name="clock">Tells how long a batch takes.</param>
internal sealed class GenerationProgress(LogSignal advanced, TimeProvider clock) : IMonitoredPartitions
{
    private readonly ConcurrentDictionary<LogPartition, PartitionStatus> partitions = new();
    private readonly ConcurrentDictionary<string, string> unknownTypes = new();
    private readonly ConcurrentDictionary<string, string> troubles = new();
    private readonly ConcurrentDictionary<LogPartition, (long Next, string Reason)> stalls = new();
    private long applyingSince;

    // Boxed: the loop writes it, the runner reads it.
    private volatile object? fill;

    /// <summary>What keeps the whole generation from running; null while it runs.</summary>
    public string? Problem { get; set; }

    /// <summary>What keeps batches from being written, until one gets through; null where nothing does.</summary>
    public string? BatchProblem { get; set; }

    /// <summary>How far the writing of rows is, while they are folded in memory; null where they are not.</summary>
    public FillProgress? Fill
    {
        get => fill is { } now ? (FillProgress)now : null;
        set => fill = value;
    }

    /// <summary>What the reader has trouble with; null where there is none.</summary>
    public string? TransportProblem => troubles.Values.FirstOrDefault();

    /// <summary>The partitions that this process owns.</summary>
    public IReadOnlyCollection<PartitionStatus> Partitions => stalls.IsEmpty ? [.. partitions.Values] : [.. partitions.Values.Select(WithStall)];

    /// <summary>Types that were read and that this binary does not know, with the event where each was seen first.</summary>
    public IReadOnlyDictionary<string, string> UnknownTypes => unknownTypes;

    /// <summary>How long the batch in work has been tried; zero between batches.</summary>
    public TimeSpan ApplyingFor
    {
        get
        {
            var since = Volatile.Read(ref applyingSince);
            return since == 0 ? TimeSpan.Zero : clock.GetElapsedTime(since);
        }
    }

    public IEnumerable<MonitoredPartition> Idle => ApplyingFor == TimeSpan.Zero
        ? partitions.Values.Select(status => new MonitoredPartition(status.Partition, status.Epoch, status.NextOffset, status.Stopped))
        : [];

    /// <summary>Told how old events are when they become visible; null as long as nobody reads the generation.</summary>
    public LagTracker? Pace { get; set; }

    /// <summary>Whether queries read the generation.</summary>
    public bool IsLive { get; set; }

    public PartitionStatus? Find(LogPartition partition) => partitions.GetValueOrDefault(partition);

    /// <summary>Whether everything below some offsets is committed.</summary>
    public bool HasReached(IReadOnlyDictionary<LogPartition, long> targets) => targets.All(target => target.Value == 0 || Find(target.Key)?.NextOffset >= target.Value);

    /// <summary>Waits until everything below some offsets is committed.</summary>
    public async Task ReachedAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        while (true)
        {
            var seen = advanced.Version;
            if (HasReached(targets))
                return;
            await advanced.WaitAsync(seen, cancellation);
        }
    }

    /// <summary>What is folded so far, committed or not.</summary>
    public IReadOnlyDictionary<LogPartition, long> Folded() => partitions.Values.ToDictionary(status => status.Partition, status => status.Folded);

    public void Begin() => Volatile.Write(ref applyingSince, clock.GetTimestamp());

    public void End() => Volatile.Write(ref applyingSince, 0);

    public void Publish(IEnumerable<PartitionCursor> cursors)
    {
        foreach (var cursor in cursors)
            partitions[cursor.Partition] = new PartitionStatus(cursor.Partition, cursor.Committed, cursor.Stopped, cursor.Waiting) { Folded = Math.Max(cursor.Folded, cursor.Committed), Epoch = cursor.Epoch };
        advanced.Pulse();
    }

    public bool NoteStall(LogPartition partition, long next, string reason)
    {
        var known = stalls.TryGetValue(partition, out var stall) && stall.Next == next;
        stalls[partition] = (next, reason);
        return !known;
    }

    /// <summary>Notes that the events of a batch are visible.</summary>
    public void NoteVisible(EventBatch batch)
    {
        if (Pace is not { } pace)
            return;
        var now = clock.GetUtcNow();
        pace.Note([.. batch.Entries.Select(entry => now - entry.Record.OccurredAt)]);
    }

    public void Remove(LogPartition partition)
    {
        partitions.TryRemove(partition, out _);
        stalls.TryRemove(partition, out _);
    }

    /// <summary>Begins anew, with a new reader that owns nothing yet.</summary>
    public void Clear()
    {
        partitions.Clear();
        stalls.Clear();
        troubles.Clear();
        BatchProblem = null;
        Fill = null;
    }

    public void NoteTrouble(string subject, string? problem)
    {
        if (problem is null)
            troubles.TryRemove(subject, out _);
        else
            troubles[subject] = problem;
    }

    public bool NoteUnknownType(string type, string where) => unknownTypes.TryAdd(type, where);

    private PartitionStatus WithStall(PartitionStatus status) =>
        status.Waiting is null && stalls.TryGetValue(status.Partition, out var stall) && stall.Next == status.NextOffset ? status with { Waiting = stall.Reason } : status;
}
