using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// The seeks of partitions, until the first record of each shows that the seek has taken effect. The client may lose a seek when a response
/// to an earlier fetch overrides it. Reading would continue beyond the offset, and the records between would be missing.
/// </summary>
internal sealed class PendingSeeks
{
    /// <summary>After this many seeks, the topic does not begin where it should. The reader of the records reports that.</summary>
    private const int MaxSeeks = 5;

    private readonly Dictionary<LogPartition, PendingSeek> seeks = [];

    /// <summary>The offsets of seeks that were lost.</summary>
    public IReadOnlyCollection<TopicPartitionOffset> Missed =>
        seeks.Count == 0 ? [] : [.. seeks.Values.Where(seek => seek.IsMissed).Select(seek => seek.Offset)];

    /// <summary>Notes an offset before the first seek to it.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="firstPosition">The position of the partition's first record. A seek to an earlier offset reads from there.</param>
    public void Expect(TopicPartitionOffset offset, long firstPosition = 0) =>
        seeks[PartitionOf(offset)] = new PendingSeek(offset, firstPosition);

    public void Forget(LogPartition partition) => seeks.Remove(partition);

    /// <summary>Whether a record counts: it does not if it is beyond an offset that was not read yet.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">The position of the record, or of the end of the partition.</param>
    public bool Counts(LogPartition partition, long position)
    {
        if (seeks.Count == 0 || !seeks.TryGetValue(partition, out var seek))
            return true;
        if (position > seek.FirstPosition && seek.Attempts < MaxSeeks)
        {
            seek.IsMissed = true;
            return false;
        }

        seeks.Remove(partition);
        return true;
    }

    /// <summary>Notes that a lost seek was repeated.</summary>
    public void NoteRepeated(TopicPartitionOffset offset)
    {
        var seek = seeks[PartitionOf(offset)];
        seek.Attempts++;
        seek.IsMissed = false;
    }

    private static LogPartition PartitionOf(TopicPartitionOffset offset) => new(offset.Topic, offset.Partition);

    private sealed class PendingSeek(TopicPartitionOffset offset, long firstPosition)
    {
        public TopicPartitionOffset Offset { get; } = offset;

        public long FirstPosition { get; } = offset.Offset.IsSpecial ? firstPosition : Math.Max(offset.Offset.Value, firstPosition);

        public int Attempts { get; set; } = 1;

        public bool IsMissed { get; set; }
    }
}
