using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Batches;
using Monolith.BuildingBlocks.Projections.Generations;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>The progress of one generation in this process; only its loop writes it, and pulses the signal with every change.</summary>
internal sealed class GenerationProgress(LogSignal advanced, TimeProvider clock) : IMonitoredPartitions
{
    private readonly ConcurrentDictionary<LogPartition, PartitionStatus> partitions = new();
    private readonly ConcurrentDictionary<string, string> unknownTypes = new();
    private readonly ConcurrentDictionary<string, string> troubles = new();
    private readonly ConcurrentDictionary<LogPartition, (long Next, string Reason)> stalls = new();
    private long applyingSince;

    // Boxed, so that the runner reads it atomically while the loop writes it.
    private volatile object? fill;

    /// <summary>Why the generation does not run; null while it runs.</summary>
    public string? Problem { get; set; }

    /// <summary>Why the last batch could not be written; null once one was written.</summary>
    public string? BatchProblem { get; set; }

    /// <summary>The progress of writing rows that are folded in memory.</summary>
    public FillProgress? Fill
    {
        get => fill is { } value ? (FillProgress)value : null;
        set => fill = value;
    }

    /// <summary>The first problem of the reader, if there is one.</summary>
    public string? TransportProblem => troubles.Values.FirstOrDefault();

    /// <summary>The partitions that this process owns.</summary>
    public IReadOnlyCollection<PartitionStatus> Partitions =>
        stalls.IsEmpty ? [.. partitions.Values] : [.. partitions.Values.Select(WithStall)];

    /// <summary>Event types that this binary does not know, with the offset at which each was read first.</summary>
    public IReadOnlyDictionary<string, string> UnknownTypes => unknownTypes;

    /// <summary>How long the current batch has been tried; zero between batches.</summary>
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

    /// <summary>Receives the lag of events when they become visible; null unless queries read the generation.</summary>
    public LagTracker? LagTracker { get; set; }

    /// <summary>Whether queries read the generation.</summary>
    public bool IsLive { get; set; }

    public PartitionStatus? Find(LogPartition partition) => partitions.GetValueOrDefault(partition);

    /// <summary>Whether all events below the given offsets are committed.</summary>
    public bool HasReached(IReadOnlyDictionary<LogPartition, long> targets) =>
        targets.All(target => target.Value == 0 || Find(target.Key)?.NextOffset >= target.Value);

    /// <summary>Waits until all events below the given offsets are committed.</summary>
    public async Task WaitForAsync(IReadOnlyDictionary<LogPartition, long> targets, CancellationToken cancellation)
    {
        while (true)
        {
            var version = advanced.Version;
            if (HasReached(targets))
                return;
            await advanced.WaitAsync(version, cancellation);
        }
    }

    /// <summary>The offsets folded so far, committed or not.</summary>
    public IReadOnlyDictionary<LogPartition, long> Folded() =>
        partitions.Values.ToDictionary(status => status.Partition, status => status.Folded);

    public void BeginBatch() => Volatile.Write(ref applyingSince, clock.GetTimestamp());

    public void EndBatch() => Volatile.Write(ref applyingSince, 0);

    public void Publish(IEnumerable<PartitionCursor> cursors)
    {
        foreach (var cursor in cursors)
        {
            partitions[cursor.Partition] = new PartitionStatus(cursor.Partition, cursor.Committed, cursor.Stopped, cursor.Waiting)
            {
                Folded = Math.Max(cursor.Folded, cursor.Committed),
                Epoch = cursor.Epoch,
            };
        }

        advanced.Pulse();
    }

    public bool NoteStall(LogPartition partition, long next, string reason)
    {
        var known = stalls.TryGetValue(partition, out var stall) && stall.Next == next;
        stalls[partition] = (next, reason);
        return !known;
    }

    /// <summary>The events of a batch are visible to queries.</summary>
    public void NoteVisible(EventBatch batch)
    {
        if (LagTracker is not { } tracker)
            return;
        var now = clock.GetUtcNow();
        tracker.Add([.. batch.Entries.Select(entry => now - entry.Record.OccurredAt)]);
    }

    public void Remove(LogPartition partition)
    {
        partitions.TryRemove(partition, out _);
        stalls.TryRemove(partition, out _);
    }

    /// <summary>For a new reader, which owns no partition yet.</summary>
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
        status.Waiting is null && stalls.TryGetValue(status.Partition, out var stall) && stall.Next == status.NextOffset
            ? status with { Waiting = stall.Reason }
            : status;
}
