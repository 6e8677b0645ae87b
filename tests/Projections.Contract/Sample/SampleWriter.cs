using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>Appends events to a log of the sample.</summary>
public class SampleWriter(EventCatalogue catalogue, Func<IReadOnlyList<(Guid Stream, string Type, string Data)>, Task> append)
{
    /// <summary>Creates ids of streams in a partition.</summary>
    public static Guid[] StreamsIn(int partition, int count)
    {
        var streams = new List<Guid>();
        while (streams.Count < count)
        {
            var stream = Guid.CreateVersion7();
            if (Partitioner.PartitionOf(stream, SampleLogs.Partitions) == partition)
                streams.Add(stream);
        }

        return [.. streams];
    }

    /// <summary>Creates ids of streams in all partitions.</summary>
    public static Guid[] Streams(int ofEachPartition) =>
        [.. Enumerable.Range(0, SampleLogs.Partitions).SelectMany(partition => StreamsIn(partition, ofEachPartition))];

    /// <summary>Counts all counters in turns.</summary>
    public Task CountAsync(IReadOnlyList<Guid> counters, int each) =>
        AppendAsync(
            [.. Enumerable.Range(1, each).SelectMany(by => counters.Select(counter => (counter, (IEvent)new Counted(counter, by))))]);

    public Task AppendAsync(params IReadOnlyList<(Guid Stream, IEvent Data)> events) =>
        AppendAsync([.. events.Select(e => (e.Stream, catalogue.NameOf(e.Data.GetType()), catalogue.Serialize(e.Data)))]);

    public Task AppendAsync(IReadOnlyList<(Guid Stream, string Type, string Data)> events) => append(events);
}
