using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Projections.Contract.Sample;
using NpgsqlTypes;

namespace Monolith.Testing.Events;

/// <summary>Appends to a log as the running module does: with its app role, the database assigns the offsets.</summary>
internal sealed class PostgresWriter(PostgresLog log) : SampleWriter(log.Catalogue, AppendTo(log))
{
    private static Func<IReadOnlyList<(Guid Stream, string Type, string Data)>, Task> AppendTo(PostgresLog log)
    {
        var versions = new Dictionary<Guid, long>();
        return async events =>
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

            void Add<T>(NpgsqlDbType type, IEnumerable<T> values) =>
                command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
        };
    }
}
