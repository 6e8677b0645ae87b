using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>The state of a reactor in this process.</summary>
public sealed class ReactorStatus : IMonitoredPartitions
{
    private readonly ConcurrentDictionary<LogPartition, OwnedPartition> owned = new();
    private readonly ConcurrentDictionary<string, string> troubles = new();
    private readonly ConcurrentDictionary<LogPartition, (long Next, string Reason)> stalls = new();

    internal ReactorStatus(string name, TimeProvider clock)
    {
        Name = name;
        Clock = clock;
    }

    /// <summary>The reactor's name.</summary>
    public string Name { get; }

    /// <summary>Why the reactor does not run; null while it runs.</summary>
    public string? Problem { get; internal set; }

    /// <summary>The first problem of the reader, if there is one.</summary>
    public string? TransportProblem => troubles.Values.FirstOrDefault();

    /// <summary>The partitions that this process owns, each with the next offset to handle.</summary>
    public IReadOnlyDictionary<LogPartition, long> Checkpoints =>
        owned.ToDictionary(entry => entry.Key, entry => entry.Value.Cursor.Committed);

    internal TimeProvider Clock { get; }

    internal ICollection<OwnedPartition> Owned => owned.Values;

    IEnumerable<MonitoredPartition> IMonitoredPartitions.Idle =>
        owned.Values.Where(partition => partition.MayBeStalled)
            .Select(partition => new MonitoredPartition(partition.Partition, partition.Cursor.Epoch, partition.Cursor.Next));

    bool IMonitoredPartitions.NoteStall(LogPartition partition, long next, string reason)
    {
        var known = stalls.TryGetValue(partition, out var stall) && stall.Next == next;
        stalls[partition] = (next, reason);
        return !known;
    }

    /// <summary>Why a partition makes no progress; null if it does.</summary>
    internal string? StallOf(OwnedPartition partition) =>
        stalls.TryGetValue(partition.Partition, out var stall) && stall.Next == partition.Cursor.Next ? stall.Reason : null;

    internal void Publish(OwnedPartition partition) => owned[partition.Partition] = partition;

    internal void Remove(LogPartition partition) => owned.TryRemove(partition, out _);

    /// <summary>For a new reader, which owns no partition yet.</summary>
    internal void Clear()
    {
        owned.Clear();
        stalls.Clear();
        troubles.Clear();
    }

    internal void NoteTrouble(string subject, string? problem)
    {
        if (problem is null)
            troubles.TryRemove(subject, out _);
        else
            troubles[subject] = problem;
    }
}
