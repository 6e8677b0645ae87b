using Npgsql;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>The columns of an event, and how a row is read.</summary>
internal static class RecordColumns
{
    public const string All =
        """
        partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, actor,
            correlation_id, causation_id, traceparent
        """;

    public static LogRecord Read(PostgresLog log, NpgsqlDataReader row)
    {
        var offset = row.GetInt64(1);
        return new LogRecord
        {
            Log = log.Name,
            Partition = row.GetInt32(0),
            Offset = offset,
            Position = offset,
            EventId = row.GetGuid(2),
            StreamId = row.GetGuid(3),
            StreamVersion = row.GetInt64(4),
            Type = log.Catalogue.Intern(row.GetString(5)),
            Data = row.GetFieldValue<byte[]>(6),
            OccurredAt = row.GetFieldValue<DateTimeOffset>(7),
            Actor = row.IsDBNull(8) ? null : row.GetString(8),
            CorrelationId = row.GetGuid(9),
            CausationId = row.IsDBNull(10) ? null : row.GetGuid(10),
            TraceParent = row.IsDBNull(11) ? null : row.GetString(11),
        };
    }
}
