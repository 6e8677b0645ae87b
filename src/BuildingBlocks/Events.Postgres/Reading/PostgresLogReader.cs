using System.Data;
using Monolith.BuildingBlocks.Events.Logs;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Reads a module's log in pages. Each page is one short statement, so that no snapshot stays open.</summary>
/// <param name="log">The log.</param>
/// <param name="dataSource">Connections of a role that may SELECT it.</param>
public sealed class PostgresLogReader(PostgresLog log, NpgsqlDataSource dataSource)
{
    // The counters say which partitions have news; an index is only asked where there are some.
    private readonly string pageSql =
        $"""
        select e.partition, e."offset", e.event_id, e.stream_id, e.stream_version, e.type, e.data, e.occurred_at, e.actor, e.correlation_id, e.causation_id, e.traceparent
        from unnest($1, $2) as wanted (partition, from_offset)
        join {log.Database.Schema}.partitions counter on counter.partition = wanted.partition and counter.next_offset > wanted.from_offset
        cross join lateral (
            select * from {log.Database.Schema}.events event
            where event.partition = wanted.partition and event."offset" >= wanted.from_offset
            order by event."offset" limit $3
        ) e
        """;

    private readonly string headsSql = $"select partition, next_offset from {log.Database.Schema}.partitions order by partition";

    // Counter and last event in one statement: one snapshot, in which they agree.
    private readonly string endsSql =
        $"""
        select counter.partition, counter.next_offset, event.event_id
        from {log.Database.Schema}.partitions counter
        left join {log.Database.Schema}.events event on event.partition = counter.partition and event."offset" = counter.next_offset - 1
        order by counter.partition
        """;

    private readonly string eventIdSql = $"""select event_id from {log.Database.Schema}.events where partition = $1 and "offset" = $2""";

    /// <summary>Reads the next events of some partitions.</summary>
    /// <param name="from">Where to go on, by partition.</param>
    /// <param name="mostOfEach">How many to read of each partition.</param>
    /// <param name="into">Receives them; those of one partition in offset order.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ReadAsync(IReadOnlyList<PartitionOffset> from, int mostOfEach, List<LogRecord> into, CancellationToken cancellation)
    {
        var partitions = new int[from.Count];
        var offsets = new long[from.Count];
        for (var i = 0; i < from.Count; i++)
            (partitions[i], offsets[i]) = from[i];

        await using var command = dataSource.CreateCommand(pageSql);
        command.Parameters.Add(new() { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = offsets, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = mostOfEach, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellation);
        while (await reader.ReadAsync(cancellation))
            into.Add(RecordColumns.Read(log, reader));
    }

    /// <summary>The next offset of each partition, in the order of the partitions.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = new List<long>(log.Partitions);
        await using var command = dataSource.CreateCommand(headsSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            heads.Add(reader.GetInt64(1));
        return heads;
    }

    /// <summary>The end of each partition, in the order of the partitions, all at one moment.</summary>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyList<PartitionHead>> EndsAsync(CancellationToken cancellation)
    {
        var ends = new List<PartitionHead>(log.Partitions);
        await using var command = dataSource.CreateCommand(endsSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            ends.Add(new PartitionHead(reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetGuid(2)));
        return ends;
    }

    /// <summary>The id of the event at a place of the log, or null where there is none.</summary>
    /// <param name="position">The place.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<Guid?> EventIdAsync(PartitionOffset position, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(eventIdSql);
        command.Parameters.Add(new() { Value = position.Partition });
        command.Parameters.Add(new() { Value = position.Offset });
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>When the events at some places happened, where there are any.</summary>
    /// <param name="places">The places.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<IReadOnlyDictionary<int, DateTimeOffset>> TimesAsync(IReadOnlyCollection<PartitionOffset> places, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""select e.partition, e.occurred_at from unnest($1, $2) as p (partition, at_offset) join {log.Database.Schema}.events e on e.partition = p.partition and e."offset" = p.at_offset""");
        command.Parameters.Add(new() { Value = places.Select(place => place.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = places.Select(place => place.Offset).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        var times = new Dictionary<int, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            times[reader.GetInt32(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        return times;
    }

    /// <summary>A number for a transaction of one's own: every transaction that writes already has a lower one.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<decimal> NextTransactionAsync(CancellationToken cancellation) => NumberAsync("select pg_current_xact_id()::text::numeric", cancellation);

    /// <summary>The number of the oldest transaction that is still open.</summary>
    /// <param name="cancellation">Gives up.</param>
    public Task<decimal> OldestTransactionAsync(CancellationToken cancellation) => NumberAsync("select pg_snapshot_xmin(pg_current_snapshot())::text::numeric", cancellation);

    private async Task<decimal> NumberAsync(string sql, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (decimal)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
