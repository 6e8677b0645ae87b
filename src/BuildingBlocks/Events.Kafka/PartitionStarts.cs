using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The claimed partitions: first they wait for a seek to their checkpoint, then they are started, and their records count once the seek has
/// taken effect.
/// </summary>
internal sealed class PartitionStarts
{
    private readonly List<ClaimedPartition> waiting = [];
    private readonly HashSet<LogPartition> started = [];
    private readonly PendingSeeks seeks = new();

    /// <summary>The partitions that wait for their first seek.</summary>
    public IReadOnlyList<ClaimedPartition> Waiting => waiting;

    /// <summary>The offsets of seeks that the client has lost.</summary>
    public IReadOnlyCollection<TopicPartitionOffset> LostSeeks => seeks.Missed;

    public void Add(IReadOnlyCollection<LogPartition> replaced, IEnumerable<ClaimedPartition> claimed)
    {
        waiting.RemoveAll(claim => replaced.Contains(claim.Partition));
        waiting.AddRange(claimed);
    }

    public ClaimedPartition? FindWaiting(LogPartition partition) => waiting.Find(claim => claim.Partition == partition);

    /// <summary>Notes that a partition is read from an offset.</summary>
    /// <param name="claim">The claimed partition.</param>
    /// <param name="from">The offset of the seek.</param>
    /// <param name="firstPosition">The position of the first record that the partition has.</param>
    public void Start(ClaimedPartition claim, TopicPartitionOffset from, long firstPosition)
    {
        waiting.Remove(claim);
        started.Add(claim.Partition);
        seeks.Expect(from, firstPosition);
    }

    public void Remove(IReadOnlyCollection<LogPartition> partitions)
    {
        waiting.RemoveAll(claim => partitions.Contains(claim.Partition));
        started.ExceptWith(partitions);
        foreach (var partition in partitions)
            seeks.Forget(partition);
    }

    public void NoteSeekRepeated(TopicPartitionOffset offset) => seeks.NoteRepeated(offset);

    public IEnumerable<LogPartition> StartedIn(string log) => started.Where(partition => partition.Log == log);

    /// <summary>Whether a record counts: its partition was started, and reading is not beyond the offset of a seek.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The position of the record, or of the end of the partition.</param>
    /// <param name="assigned">How many partitions are assigned. If all are started, the set is not searched for each record.</param>
    public bool Counts(LogPartition partition, long position, int assigned) =>
        (started.Count == assigned || started.Contains(partition)) && seeks.Counts(partition, position);
}

/// <summary>A partition that was claimed in the store.</summary>
/// <param name="Start">The checkpoint.</param>
/// <param name="Refusal">Why the partition must not be applied; null if it may be.</param>
internal sealed record ClaimedPartition(Checkpoint Start, string? Refusal)
{
    public LogPartition Partition => Start.Partition;
}
