using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Contract.Sample;

/// <summary>Appends to a log as the running module does: as its app role, the database giving the offsets.</summary>
internal sealed class SampleWriter(PostgresLog log)
{
    private readonly Dictionary<Guid, long> versions = [];

    /// <summary>Streams of a partition.</summary>
    public static Guid[] StreamsIn(int partition, int count)
    {
        var streams = new List<Guid>();
        while (streams.Count < count)
        {
            var stream = Guid.CreateVersion7();
            if (Partitioner.PartitionOf(stream, SampleDatabase.Partitions) == partition)
                streams.Add(stream);
        }

        return [.. streams];
    }

    /// <summary>Streams in all partitions.</summary>
    public static Guid[] Streams(int ofEachPartition) => [.. Enumerable.Range(0, SampleDatabase.Partitions).SelectMany(partition => StreamsIn(partition, ofEachPartition))];

    /// <summary>Counts every counter, in turns.</summary>
    public Task CountAsync(IReadOnlyList<Guid> counters, int each) =>
        AppendAsync([.. Enumerable.Range(1, each).SelectMany(by => counters.Select(counter => (counter, (IEvent)new Counted(counter, by))))]);

    public Task AppendAsync(params IReadOnlyList<(Guid Stream, IEvent Data)> events) =>
        AppendAsync([.. events.Select(e => (e.Stream, log.Catalogue.NameOf(e.Data.GetType()), log.Catalogue.Serialize(e.Data)))]);

    public async Task AppendAsync(IReadOnlyList<(Guid Stream, string Type, string Data)> events)
    {
        await using var command = log.Database.App.CreateCommand(
            $"""
            insert into {log.Database.Schema}.events (partition, event_id, stream_id, stream_version, type, data, occurred_at, correlation_id)
            select partition, event_id, stream_id, version, type, data::json, now(), event_id
            from unnest($1, $2, $3, $4, $5, $6) with ordinality as e (partition, event_id, stream_id, version, type, data, n) order by n
            """);
        Add(NpgsqlDbType.Integer, events.Select(e => Partitioner.PartitionOf(e.Stream, log.Partitions)));
        Add(NpgsqlDbType.Uuid, events.Select(_ => Guid.CreateVersion7()));
        Add(NpgsqlDbType.Uuid, events.Select(e => e.Stream));
        Add(NpgsqlDbType.Bigint, events.Select(e => versions[e.Stream] = versions.GetValueOrDefault(e.Stream) + 1));
        Add(NpgsqlDbType.Text, events.Select(e => e.Type));
        Add(NpgsqlDbType.Text, events.Select(e => e.Data));
        await command.ExecuteNonQueryAsync();
        log.NoteCommit();

        void Add<T>(NpgsqlDbType type, IEnumerable<T> values) => command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }
}
