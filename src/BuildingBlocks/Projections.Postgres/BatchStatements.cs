using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The statements of a batch of one generation. Their number does not depend on the number of rows.</summary>
internal sealed class BatchStatements<TKey, TRow>(PostgresStore<TKey, TRow> store, int generation)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    /// <summary>
    /// SQLSTATE classes of errors in the data, which would occur again: bad values, violated constraints, exceeded limits.
    /// </summary>
    private static readonly string[] DataErrors = ["22", "23", "54"];

    private readonly string table = store.TableOf(generation);

    /// <summary>Adds the statements that read the current rows of some keys, and which of the keys have dead letters.</summary>
    public void Load(NpgsqlBatch batch, IReadOnlyCollection<TKey> keys)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {store.Mapping.Names} from {table} where {store.Key.Name} = any($1)")
        {
            Parameters = { store.Key.Keys(keys) },
        });
        // No key is looked up if there are no dead letters at all, which is nearly always.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select distinct key from {store.Schema}.dead_letters where projection = $1 and generation = $2
                and exists (select from {store.Schema}.dead_letters where projection = $1 and generation = $2)
                and key = any(select k::text from unnest($3) k)
            """)
        {
            Parameters = { new() { Value = store.Projection.Name }, new() { Value = generation }, store.Key.Keys(keys) },
        });
    }

    /// <summary>Reads the results of <see cref="Load"/>.</summary>
    public async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            var row = store.Mapping.Read(reader);
            rows.Add(store.Key.Get(row), row);
        }

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            deadLetterKeys.Add(store.ParseKey(reader.GetString(0)));
    }

    /// <summary>Adds the statements that write a batch. The checkpoints come first, so that nothing is written if they were lost.</summary>
    public void Write(NpgsqlBatch batch, BatchCommit<TKey, TRow> commit)
    {
        batch.BatchCommands.Add(Advance(commit.Advances));
        Change(batch, commit.Changes);
        // Before dead letters are added: one that gets a new reason loses its request.
        if (commit.Resolved.Count > 0)
            batch.BatchCommands.Add(PassRequestsOn(commit.Resolved));
        if (commit.DeadLetters.Count > 0)
            batch.BatchCommands.Add(AddDeadLetters(commit.DeadLetters));
        if (commit.Resolved.Count > 0)
            batch.BatchCommands.Add(RemoveDeadLetters(commit.Resolved));
    }

    /// <summary>Adds the statements that write and delete rows.</summary>
    public void Change(NpgsqlBatch batch, IReadOnlyList<RowChange<TKey, TRow>> changes)
    {
        var deleted = changes.Where(change => change.Row is null).Select(change => change.Key).ToArray();
        if (deleted.Length > 0)
        {
            var delete = new NpgsqlBatchCommand($"delete from {table} where {store.Key.Name} = any($1)");
            delete.Parameters.Add(store.Key.Keys(deleted));
            batch.BatchCommands.Add(delete);
        }

        var kept = changes.Where(change => change.Row is not null).Select(change => change.Row!).ToArray();
        if (kept.Length > 0)
            batch.BatchCommands.Add(Upsert(kept));
    }

    /// <summary>Translates errors of PostgreSQL to those of the store contract.</summary>
    public static Exception Translate(PostgresException exception) => exception switch
    {
        { SqlState: StoreSchema.CheckpointLost } => new CheckpointLostException(exception),
        { SqlState: StoreSchema.WritesBlocked } => new WritesBlockedException(exception),
        _ when DataErrors.Contains(exception.SqlState[..2]) => new RowsRefusedException(
            $"{exception.SqlState}: {exception.MessageText}", exception),
        _ => exception,
    };

    /// <summary>Advances the checkpoints by compare-and-swap.</summary>
    public NpgsqlBatchCommand Advance(IReadOnlyList<CheckpointAdvance> advances)
    {
        var command = new NpgsqlBatchCommand($"select {store.Schema}.advance_checkpoints($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        command.Parameters.Add(new() { Value = store.Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Values(advances, advance => advance.Partition.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(advances, advance => advance.Partition.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(advances, advance => advance.Epoch, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.From, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.To, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.LastEventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(advances, advance => advance.Position, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(advances, advance => advance.Source, NpgsqlDbType.Text));
        return command;
    }

    /// <summary>Adds dead letters; those of one key keep their order.</summary>
    public NpgsqlBatchCommand AddDeadLetters(IReadOnlyList<DeadLetterEvent<TKey>> deadLetters)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {store.Schema}.dead_letters (projection, generation, key, log, partition, "offset", event_id, stream_id,
                    stream_version, type, data, occurred_at, actor, correlation_id, causation_id, traceparent, reason)
                select $1, $2, e.key, e.log, e.partition, e.at_offset, e.event_id, e.stream_id,
                    e.stream_version, e.type, e.data, e.occurred_at, e.actor, e.correlation_id, e.causation_id, e.traceparent, e.reason
                from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) with ordinality
                    as e (key, log, partition, at_offset, event_id, stream_id, stream_version, type, data, occurred_at,
                        actor, correlation_id, causation_id, traceparent, reason, position)
                order by e.position
            on conflict (projection, generation, log, partition, "offset") do update set reason = excluded.reason, asked = null
            """);
        command.Parameters.Add(new() { Value = store.Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Values(deadLetters, entry => store.TextOf(entry.Key), NpgsqlDbType.Text));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Offset, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.EventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.StreamId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.StreamVersion, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Type, NpgsqlDbType.Text));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Data.ToArray(), NpgsqlDbType.Bytea));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.OccurredAt, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.Actor, NpgsqlDbType.Text));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.CorrelationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.CausationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(deadLetters, entry => entry.Record.TraceParent, NpgsqlDbType.Text));
        command.Parameters.Add(Values(deadLetters, entry => StorableReason(entry.Reason), NpgsqlDbType.Text));
        return command;
    }

    // A reason may quote data with a NUL character, which PostgreSQL does not store in text.
    private static string? StorableReason(string? reason) => reason?.Replace("\0", "\\0", StringComparison.Ordinal);

    // A request is for the whole key: another host may have added a dead letter of it after the events of the request were read.
    private NpgsqlBatchCommand PassRequestsOn(IReadOnlyList<(LogPartition Partition, long Offset)> resolved) => AtOffsets(
        $"""
        update {store.Schema}.dead_letters d set asked = done.asked, operation = done.operation
            from (
                select distinct on (l.key) l.key, l.asked, l.operation
                from {store.Schema}.dead_letters l join unnest($3, $4, $5) as u (log, partition, at_offset)
                    on l.log = u.log and l.partition = u.partition and l."offset" = u.at_offset
                where l.projection = $1 and l.generation = $2 and l.asked is not null
                order by l.key, l.sequence
            ) done
            where d.projection = $1 and d.generation = $2 and d.key = done.key and d.asked is null
        """,
        resolved);

    private NpgsqlBatchCommand RemoveDeadLetters(IReadOnlyList<(LogPartition Partition, long Offset)> resolved) => AtOffsets(
        $"""
        delete from {store.Schema}.dead_letters d using unnest($3, $4, $5) as u (log, partition, at_offset)
            where d.projection = $1 and d.generation = $2 and d.log = u.log and d.partition = u.partition and d."offset" = u.at_offset
        """,
        resolved);

    private NpgsqlBatchCommand AtOffsets(string sql, IReadOnlyList<(LogPartition Partition, long Offset)> offsets)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new() { Value = store.Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Values(offsets, entry => entry.Partition.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(offsets, entry => entry.Partition.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(offsets, entry => entry.Offset, NpgsqlDbType.Bigint));
        return command;
    }

    private NpgsqlBatchCommand Upsert(TRow[] rows)
    {
        var columns = store.Mapping.Columns;
        var arrays = string.Join(", ", columns.Select((column, i) => $"${i + 1}::{column.ArrayType}"));
        var updates = string.Join(
            ", ",
            columns.Where(column => column.Name != store.Key.Name).Select(column => $"{column.Name} = excluded.{column.Name}"));
        var onConflict = updates.Length > 0 ? $"update set {updates}" : "nothing";
        var command = new NpgsqlBatchCommand(
            $"insert into {table} ({store.Mapping.Names}) select * from unnest({arrays}) on conflict ({store.Key.Name}) do {onConflict}");
        foreach (var column in columns)
            command.Parameters.Add(column.Values(rows));
        return command;
    }

    private static NpgsqlParameter Values<TEntry, T>(IReadOnlyList<TEntry> entries, Func<TEntry, T> value, NpgsqlDbType type)
    {
        var values = new T[entries.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(entries[i]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = Array | type };
    }
}
