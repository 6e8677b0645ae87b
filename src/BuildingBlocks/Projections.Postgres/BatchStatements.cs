using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The statements of a batch of one generation: set-based, whatever the number of rows.</summary>
internal sealed class BatchStatements<TKey, TRow>(PostgresStore<TKey, TRow> store, int generation)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    /// <summary>SQLSTATE classes of data that will be refused again: bad values, broken constraints, rows beyond a limit.</summary>
    private static readonly string[] DataErrors = ["22", "23", "54"];

    private readonly string table = store.TableOf(generation);

    /// <summary>The current rows of some keys, then those of the keys that are parked.</summary>
    public void Load(NpgsqlBatch batch, IReadOnlyCollection<TKey> keys)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {store.Mapping.Names} from {table} where {store.Key.Name} = any($1)")
        {
            Parameters = { store.Key.Keys(keys) },
        });
        // No key is looked up where nothing is parked at all, which is nearly always.
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select distinct key from {store.Schema}.dead_letters where projection = $1 and generation = $2
                and exists (select from {store.Schema}.dead_letters where projection = $1 and generation = $2) and key = any(select k::text from unnest($3) k)
            """)
        {
            Parameters = { new() { Value = store.Projection.Name }, new() { Value = generation }, store.Key.Keys(keys) },
        });
    }

    /// <summary>Reads what <see cref="Load"/> found.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, Dictionary<TKey, TRow> rows, HashSet<TKey> parked, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            var row = store.Mapping.Read(reader);
            rows.Add(store.Key.Get(row), row);
        }

        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            parked.Add(store.ParseKey(reader.GetString(0)));
    }

    /// <summary>Adds the statements that write a batch. The checkpoints come first: whoever has lost them writes nothing.</summary>
    public void Write(NpgsqlBatch batch, BatchCommit<TKey, TRow> commit)
    {
        batch.BatchCommands.Add(Advance(commit.Advances));
        Change(batch, commit.Changes);
        // Before anything is parked again: what says why it cannot be applied is no longer asked for.
        if (commit.Unparked.Count > 0)
            batch.BatchCommands.Add(HandOn(commit.Unparked));
        if (commit.Parked.Count > 0)
            batch.BatchCommands.Add(Park(commit.Parked));
        if (commit.Unparked.Count > 0)
            batch.BatchCommands.Add(Unpark(commit.Unparked));
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

    /// <summary>Says what an error of the database means for a batch.</summary>
    public static Exception Translate(PostgresException exception) => exception switch
    {
        { SqlState: StoreSchema.CheckpointLost } => new CheckpointLostException(exception),
        { SqlState: StoreSchema.Held } => new GenerationHeldException(exception),
        _ when DataErrors.Contains(exception.SqlState[..2]) => new RowsRefusedException($"{exception.SqlState}: {exception.MessageText}", exception),
        _ => exception,
    };

    /// <summary>The step of the checkpoints.</summary>
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

    /// <summary>Puts events among the dead letters; those of one key keep their order.</summary>
    public NpgsqlBatchCommand Park(IReadOnlyList<DeadLetterEvent<TKey>> parked)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            insert into {store.Schema}.dead_letters (projection, generation, key, log, partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at,
                    actor, correlation_id, causation_id, traceparent, reason)
                select $1, $2, p.key, p.log, p.partition, p.at_offset, p.event_id, p.stream_id, p.stream_version, p.type, p.data, p.occurred_at, p.actor, p.correlation_id, p.causation_id, p.traceparent, p.reason
                from unnest($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) with ordinality
                    as p (key, log, partition, at_offset, event_id, stream_id, stream_version, type, data, occurred_at, actor, correlation_id, causation_id, traceparent, reason, place)
                order by p.place
            on conflict (projection, generation, log, partition, "offset") do update set reason = excluded.reason, asked = null
            """);
        command.Parameters.Add(new() { Value = store.Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Values(parked, entry => store.TextOf(entry.Key), NpgsqlDbType.Text));
        command.Parameters.Add(Values(parked, entry => entry.Record.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(parked, entry => entry.Record.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(parked, entry => entry.Record.Offset, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(parked, entry => entry.Record.EventId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(parked, entry => entry.Record.StreamId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(parked, entry => entry.Record.StreamVersion, NpgsqlDbType.Bigint));
        command.Parameters.Add(Values(parked, entry => entry.Record.Type, NpgsqlDbType.Text));
        command.Parameters.Add(Values(parked, entry => entry.Record.Data.ToArray(), NpgsqlDbType.Bytea));
        command.Parameters.Add(Values(parked, entry => entry.Record.OccurredAt, NpgsqlDbType.TimestampTz));
        command.Parameters.Add(Values(parked, entry => entry.Record.Actor, NpgsqlDbType.Text));
        command.Parameters.Add(Values(parked, entry => entry.Record.CorrelationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(parked, entry => entry.Record.CausationId, NpgsqlDbType.Uuid));
        command.Parameters.Add(Values(parked, entry => entry.Record.TraceParent, NpgsqlDbType.Text));
        command.Parameters.Add(Values(parked, entry => StorableReason(entry.Reason), NpgsqlDbType.Text));
        return command;
    }

    // A reason may quote data that no text column takes.
    private static string? StorableReason(string? reason) => reason?.Replace("\0", "\\0", StringComparison.Ordinal);

    // What was asked is asked of the key. Another host may have parked a later event of it since the events were read: nobody else would look at that one.
    private NpgsqlBatchCommand HandOn(IReadOnlyList<(LogPartition Partition, long Offset)> unparked) => AtPlaces(
        $"""
        update {store.Schema}.dead_letters d set asked = done.asked, operation = done.operation
            from (
                select distinct on (l.key) l.key, l.asked, l.operation
                from {store.Schema}.dead_letters l join unnest($3, $4, $5) as u (log, partition, at_offset) on l.log = u.log and l.partition = u.partition and l."offset" = u.at_offset
                where l.projection = $1 and l.generation = $2 and l.asked is not null
                order by l.key, l.sequence
            ) done
            where d.projection = $1 and d.generation = $2 and d.key = done.key and d.asked is null
        """,
        unparked);

    private NpgsqlBatchCommand Unpark(IReadOnlyList<(LogPartition Partition, long Offset)> unparked) => AtPlaces(
        $"""
        delete from {store.Schema}.dead_letters d using unnest($3, $4, $5) as u (log, partition, at_offset)
            where d.projection = $1 and d.generation = $2 and d.log = u.log and d.partition = u.partition and d."offset" = u.at_offset
        """,
        unparked);

    private NpgsqlBatchCommand AtPlaces(string sql, IReadOnlyList<(LogPartition Partition, long Offset)> unparked)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new() { Value = store.Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Values(unparked, entry => entry.Partition.Log, NpgsqlDbType.Text));
        command.Parameters.Add(Values(unparked, entry => entry.Partition.Partition, NpgsqlDbType.Integer));
        command.Parameters.Add(Values(unparked, entry => entry.Offset, NpgsqlDbType.Bigint));
        return command;
    }

    private NpgsqlBatchCommand Upsert(TRow[] rows)
    {
        var columns = store.Mapping.Columns;
        var arrays = string.Join(", ", columns.Select((column, i) => $"${i + 1}::{column.ArrayType}"));
        var updates = string.Join(", ", columns.Where(column => column.Name != store.Key.Name).Select(column => $"{column.Name} = excluded.{column.Name}"));
        var command = new NpgsqlBatchCommand(
            $"insert into {table} ({store.Mapping.Names}) select * from unnest({arrays}) on conflict ({store.Key.Name}) do {(updates.Length > 0 ? $"update set {updates}" : "nothing")}");
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
