using System.Collections.Concurrent;
using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Reactors.Running;

/// <summary>Where a reactor of this process stands.</summary>
public sealed class ReactorStatus
{
    private readonly ConcurrentDictionary<LogPartition, OwnedPartition> owned = new();
    private readonly ConcurrentDictionary<string, string> troubles = new();

    internal ReactorStatus(string name, TimeProvider clock)
    {
        Name = name;
        Clock = clock;
    }

    /// <summary>The reactor's name.</summary>
    public string Name { get; }

    /// <summary>What keeps the whole reactor from running; null while it runs.</summary>
    public string? Problem { get; internal set; }

    /// <summary>What the reader has trouble with; null where there is none.</summary>
    public string? TransportProblem => troubles.Values.FirstOrDefault();

    /// <summary>The partitions that this process owns, each with the next offset to react to.</summary>
    public IReadOnlyDictionary<LogPartition, long> Checkpoints => owned.ToDictionary(entry => entry.Key, entry => entry.Value.Cursor.Committed);

    internal TimeProvider Clock { get; }

    internal ICollection<OwnedPartition> Owned => owned.Values;

    internal void Publish(OwnedPartition partition) => owned[partition.Partition] = partition;

    internal void Remove(LogPartition partition) => owned.TryRemove(partition, out _);

    /// <summary>Begins anew, with a new reader that owns nothing yet.</summary>
    internal void Clear()
    {
        owned.Clear();
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
