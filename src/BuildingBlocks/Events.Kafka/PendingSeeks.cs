using Confluent.Kafka;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Kafka;

/// <summary>
/// Where partitions were to be read from, until the first that is read of each shows that they are. The client may lose a seek: an answer about another place, asked for before, overrides it. Reading would
/// then go on beyond the place, and what lies between would be missing until the partition is taken once more.
/// </summary>
internal sealed class PendingSeeks
{
    /// <summary>Where even this many do not help, the topic does not begin where it should, and its reader will say so.</summary>
    private const int MostSeeks = 5;

    private readonly Dictionary<LogPartition, Sought> places = [];

    /// <summary>The places that reading has passed by.</summary>
    public IReadOnlyCollection<TopicPartitionOffset> Missed => places.Count == 0 ? [] : [.. places.Values.Where(sought => sought.Missed).Select(sought => sought.Place)];

    /// <summary>Notes a place before it is sought for the first time.</summary>
    /// <param name="place">The place.</param>
    /// <param name="beginning">The position of the partition's first record: reading from a place before it begins there.</param>
    public void Expect(TopicPartitionOffset place, long beginning = 0) => places[PartitionOf(place)] = new Sought(place, beginning);

    public void Forget(LogPartition partition) => places.Remove(partition);

    /// <summary>Whether what was read of a partition counts: it does not beyond a place that was not read yet.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">Where the record stands, or the partition ends.</param>
    public bool Counts(LogPartition partition, long position)
    {
        if (places.Count == 0 || !places.TryGetValue(partition, out var sought))
            return true;
        if (position > sought.First && sought.Seeks < MostSeeks)
        {
            sought.Missed = true;
            return false;
        }

        places.Remove(partition);
        return true;
    }

    /// <summary>Notes that a missed place was sought again.</summary>
    public void SoughtAgain(TopicPartitionOffset place)
    {
        var sought = places[PartitionOf(place)];
        sought.Seeks++;
        sought.Missed = false;
    }

    private static LogPartition PartitionOf(TopicPartitionOffset place) => new(place.Topic, place.Partition);

    private sealed class Sought(TopicPartitionOffset place, long beginning)
    {
        public TopicPartitionOffset Place { get; } = place;

        public long First { get; } = place.Offset.IsSpecial ? beginning : Math.Max(place.Offset.Value, beginning);

        public int Seeks { get; set; } = 1;

        public bool Missed { get; set; }
    }
}
