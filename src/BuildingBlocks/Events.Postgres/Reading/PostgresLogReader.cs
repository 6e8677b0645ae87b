using System.Data;
using Monolith.BuildingBlocks.Events.Logs;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>Reads a module's log in batches. Each batch is one short statement, so that no snapshot stays open.</summary>
/// <param name="log">The log.</param>
/// <param name="dataSource">The connections, of a role that may SELECT the log.</param>
public sealed class PostgresLogReader(PostgresLog log, NpgsqlDataSource dataSource)
{
    // The counters show which partitions have new events, so that the index is only searched for those.
    private readonly string batchSql =
        $"""
        select e.partition, e."offset", e.event_id, e.stream_id, e.stream_version, e.type, e.data, e.occurred_at, e.actor,
            e.correlation_id, e.causation_id, e.traceparent
        from unnest($1, $2) as wanted (partition, from_offset)
        join {log.Database.Schema}.partitions counter on counter.partition = wanted.partition and counter.next_offset > wanted.from_offset
        cross join lateral (
            select * from {log.Database.Schema}.events event
            where event.partition = wanted.partition and event."offset" >= wanted.from_offset
            order by event."offset" limit $3
        ) e
        """;

    private readonly string headsSql = $"select partition, next_offset from {log.Database.Schema}.partitions order by partition";

    // One statement, so that the counter and the last event are of the same snapshot.
    private readonly string partitionHeadsSql =
        $"""
        select counter.partition, counter.next_offset, event.event_id
        from {log.Database.Schema}.partitions counter
        left join {log.Database.Schema}.events event on event.partition = counter.partition and event."offset" = counter.next_offset - 1
        order by counter.partition
        """;

    private readonly string eventIdSql = $"""select event_id from {log.Database.Schema}.events where partition = $1 and "offset" = $2""";

    /// <summary>Reads the next events of some partitions.</summary>
    /// <param name="from">The first offset to read, by partition.</param>
    /// <param name="limit">The maximum number of events of each partition.</param>
    /// <param name="into">Receives the events. Those of one partition are in offset order.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task ReadAsync(IReadOnlyList<PartitionOffset> from, int limit, List<LogRecord> into, CancellationToken cancellation)
    {
        var partitions = new int[from.Count];
        var offsets = new long[from.Count];
        for (var i = 0; i < from.Count; i++)
            (partitions[i], offsets[i]) = from[i];

        await using var command = dataSource.CreateCommand(batchSql);
        command.Parameters.Add(new() { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = offsets, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = limit, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellation);
        while (await reader.ReadAsync(cancellation))
            into.Add(RecordColumns.Read(log, reader));
    }

    /// <summary>The next offset of each partition, in the order of the partitions.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<IReadOnlyList<long>> HeadsAsync(CancellationToken cancellation)
    {
        var heads = new List<long>(log.Partitions);
        await using var command = dataSource.CreateCommand(headsSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            heads.Add(reader.GetInt64(1));
        return heads;
    }

    /// <summary>Reads the head and the last event of each partition, all from one snapshot, in the order of the partitions.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<IReadOnlyList<PartitionHead>> PartitionHeadsAsync(CancellationToken cancellation)
    {
        var heads = new List<PartitionHead>(log.Partitions);
        await using var command = dataSource.CreateCommand(partitionHeadsSql);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            heads.Add(new PartitionHead(reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetGuid(2)));
        return heads;
    }

    /// <summary>Reads the id of the event at an offset; null if there is none.</summary>
    /// <param name="offset">The partition and the offset.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<Guid?> EventIdAsync(PartitionOffset offset, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(eventIdSql);
        command.Parameters.Add(new() { Value = offset.Partition });
        command.Parameters.Add(new() { Value = offset.Offset });
        return await command.ExecuteScalarAsync(cancellation) as Guid?;
    }

    /// <summary>Reads the times of the events at some offsets. Offsets at or beyond the head are omitted.</summary>
    /// <param name="offsets">The offsets, one for each partition.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task<IReadOnlyDictionary<int, DateTimeOffset>> TimesAsync(
        IReadOnlyCollection<PartitionOffset> offsets, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select e.partition, e.occurred_at from unnest($1, $2) as p (partition, at_offset)
            join {log.Database.Schema}.events e on e.partition = p.partition and e."offset" = p.at_offset
            """);
        var partitions = offsets.Select(offset => offset.Partition).ToArray();
        command.Parameters.Add(new() { Value = partitions, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        var numbers = offsets.Select(offset => offset.Offset).ToArray();
        command.Parameters.Add(new() { Value = numbers, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        var times = new Dictionary<int, DateTimeOffset>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            times[reader.GetInt32(0)] = reader.GetFieldValue<DateTimeOffset>(1);
        return times;
    }

    /// <summary>Assigns a transaction id. Every transaction that has written before has a lower one.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public Task<decimal> NextTransactionAsync(CancellationToken cancellation) =>
        NumberAsync("select pg_current_xact_id()::text::numeric", cancellation);

    /// <summary>Reads the id of the oldest transaction that is still open.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    public Task<decimal> OldestTransactionAsync(CancellationToken cancellation) =>
        NumberAsync("select pg_snapshot_xmin(pg_current_snapshot())::text::numeric", cancellation);

    private async Task<decimal> NumberAsync(string sql, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(sql);
        return (decimal)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
