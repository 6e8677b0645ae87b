using System.Text;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Logs;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.InMemory;

/// <summary>
/// An event log in memory, for tests and samples. It keeps the rules of a real one: dense offsets, stream versions without a gap.
/// </summary>
/// <param name="catalogue">The event types of the log.</param>
/// <param name="partitions">The number of partitions.</param>
public sealed class InMemoryEventLog(EventCatalogue catalogue, int partitions) : IEventLog
{
    private readonly Lock changing = new();
    private readonly List<LogRecord>[] records = [.. Enumerable.Range(0, partitions).Select(_ => new List<LogRecord>())];
    private readonly long[] heads = new long[partitions];
    private readonly Dictionary<Guid, long> versions = [];

    /// <inheritdoc />
    public string Name => catalogue.Log;

    /// <inheritdoc />
    public int Partitions => partitions;

    /// <inheritdoc />
    public EventCatalogue Catalogue => catalogue;

    /// <inheritdoc />
    public LogSignal Signal { get; } = new();

    /// <summary>Appends events to their streams.</summary>
    /// <param name="events">The events, in order.</param>
    public void Append(params IReadOnlyList<(Guid Stream, IEvent Data)> events) =>
        AppendSerialized([.. events.Select(e => (e.Stream, catalogue.NameOf(e.Data.GetType()), catalogue.Serialize(e.Data)))]);

    /// <summary>Appends events that are serialized already, also such as no catalogue knows.</summary>
    /// <param name="events">The events, in order.</param>
    public void AppendSerialized(params IReadOnlyList<(Guid Stream, string Type, string Data)> events)
    {
        lock (changing)
        {
            foreach (var (stream, type, data) in events)
                records[Partitioner.PartitionOf(stream, partitions)].Add(NewRecord(stream, type, data));
        }

        Signal.Pulse();
    }

    /// <summary>Removes an event, which leaves a gap as a damaged log has it.</summary>
    /// <param name="offset">The partition and the offset.</param>
    public void Remove(PartitionOffset offset)
    {
        lock (changing)
            records[offset.Partition].RemoveAll(record => record.Offset == offset.Offset);
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<LogPartition, long>> HeadsAsync(CancellationToken cancellation)
    {
        lock (changing)
        {
            return Task.FromResult<IReadOnlyDictionary<LogPartition, long>>(
                heads.Select((head, partition) => (head, partition))
                    .ToDictionary(at => new LogPartition(Name, at.partition), at => at.head));
        }
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<PartitionHead>> PartitionHeadsAsync(CancellationToken cancellation)
    {
        lock (changing)
        {
            return Task.FromResult<IReadOnlyList<PartitionHead>>(
                [.. records.Select((partition, number) => new PartitionHead(number, heads[number], partition.LastOrDefault()?.EventId))]);
        }
    }

    /// <inheritdoc />
    public Task ReadAsync(IReadOnlyList<PartitionOffset> from, int limit, List<LogRecord> into, CancellationToken cancellation)
    {
        lock (changing)
        {
            foreach (var (partition, offset) in from)
                into.AddRange(records[partition].Skip(FirstAt(partition, offset)).Take(limit));
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<Guid?> EventIdAsync(PartitionOffset offset, CancellationToken cancellation)
    {
        lock (changing)
            return Task.FromResult(At(offset)?.EventId);
    }

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<int, DateTimeOffset>> TimesAsync(
        IReadOnlyCollection<PartitionOffset> offsets, CancellationToken cancellation)
    {
        lock (changing)
        {
            return Task.FromResult<IReadOnlyDictionary<int, DateTimeOffset>>(
                offsets.Select(At).OfType<LogRecord>().ToDictionary(record => record.Partition, record => record.OccurredAt));
        }
    }

    /// <inheritdoc />
    public Task WaitForOpenTransactionsAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc />
    public Task<IReadOnlyList<string>> AuditAsync(IReadOnlyList<PartitionOffset> below, CancellationToken cancellation)
    {
        lock (changing)
        {
            var offsets = from head in below
                let there = records[head.Partition].Count(record => record.Offset < head.Offset)
                where there != head.Offset
                select $"{Name}[{head.Partition}] has {there} of the {head.Offset} offsets from 0 to {head.Offset - 1}";
            var streams = from stream in records.SelectMany(partition => partition).GroupBy(record => record.StreamId)
                let first = stream.Min(record => record.StreamVersion)
                let last = stream.Max(record => record.StreamVersion)
                where first != 1 || last != stream.Count()
                select $"the stream {stream.Key} of {Name} has {stream.Count()} events with versions {first} to {last}";
            return Task.FromResult<IReadOnlyList<string>>([.. offsets, .. streams]);
        }
    }

    private LogRecord NewRecord(Guid stream, string type, string data)
    {
        var partition = Partitioner.PartitionOf(stream, partitions);
        var offset = heads[partition]++;
        var id = Guid.CreateVersion7();
        return new LogRecord
        {
            Log = Name,
            Partition = partition,
            Offset = offset,
            Position = offset,
            EventId = id,
            StreamId = stream,
            StreamVersion = versions[stream] = versions.GetValueOrDefault(stream) + 1,
            Type = type,
            Data = Encoding.UTF8.GetBytes(data),
            OccurredAt = Now(),
            CorrelationId = id,
        };
    }

    // Whole microseconds, as databases keep them.
    private static DateTimeOffset Now()
    {
        var now = DateTimeOffset.UtcNow;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    // Offsets are dense, unless an event was removed.
    private int FirstAt(int partition, long offset)
    {
        var index = (int)Math.Min(offset, records[partition].Count);
        while (index > 0 && records[partition][index - 1].Offset >= offset)
            index--;
        return index;
    }

    private LogRecord? At(PartitionOffset offset) =>
        records[offset.Partition].Skip(FirstAt(offset.Partition, offset.Offset)).FirstOrDefault() is { } found
            && found.Offset == offset.Offset
            ? found
            : null;
}
