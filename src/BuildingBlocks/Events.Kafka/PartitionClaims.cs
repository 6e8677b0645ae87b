using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The partitions that the consumer group has assigned to a reader, and which of them must be claimed in the store: new ones, those with a
/// lost checkpoint, refused ones, and those of a recreated topic. Only <see cref="Request"/> is thread-safe.
/// </summary>
internal sealed class PartitionClaims
{
    private readonly ConcurrentQueue<LostPartition> requests = new();
    private readonly HashSet<LogPartition> assigned = [];
    private readonly HashSet<LogPartition> due = [];
    private readonly HashSet<LogPartition> refused = [];
    private readonly Dictionary<LogPartition, long> epochs = [];

    public int Assigned => assigned.Count;

    /// <summary>The partitions to claim.</summary>
    public LogPartition[] Due => [.. due];

    public void Assign(IReadOnlyCollection<LogPartition> partitions)
    {
        assigned.UnionWith(partitions);
        due.UnionWith(partitions);
    }

    public void Revoke(IReadOnlyCollection<LogPartition> partitions)
    {
        assigned.ExceptWith(partitions);
        due.ExceptWith(partitions);
        refused.ExceptWith(partitions);
    }

    /// <summary>Requests that partitions with a lost checkpoint are claimed again. Thread-safe.</summary>
    public void Request(IEnumerable<LostPartition> partitions)
    {
        foreach (var partition in partitions)
            requests.Enqueue(partition);
    }

    public void AcceptRequests()
    {
        while (requests.TryDequeue(out var partition))
        {
            // A partition that was claimed after the loss must not be claimed again: that would only fence off this reader itself.
            if (assigned.Contains(partition.Partition) && epochs.GetValueOrDefault(partition.Partition) <= partition.Epoch)
                due.Add(partition.Partition);
        }
    }

    public void ClaimAgain(string log) => due.UnionWith(assigned.Where(partition => partition.Log == log));

    public void RetryRefused() => due.UnionWith(refused);

    public void NoteClaimed(IReadOnlyCollection<LogPartition> partitions, IReadOnlyList<Checkpoint> checkpoints)
    {
        due.ExceptWith(partitions);
        foreach (var checkpoint in checkpoints)
            epochs[checkpoint.Partition] = checkpoint.Epoch;
    }

    public void NoteRefused(LogPartition partition, bool isRefused)
    {
        if (isRefused)
            refused.Add(partition);
        else
            refused.Remove(partition);
    }
}
