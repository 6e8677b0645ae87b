using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The statements of a page of one generation: set-based, whatever the number of rows.</summary>
internal sealed class PageStatements<TKey, TRow>(PostgresStore<TKey, TRow> store, string table, int generation)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const NpgsqlDbType Array = NpgsqlDbType.Array;

    /// <summary>SQLSTATE classes of data that will be refused again: bad values, broken constraints, rows beyond a limit.</summary>
    private static readonly string[] DataErrors = ["22", "23", "54"];

    /// <summary>The current rows of some keys.</summary>
    public NpgsqlBatchCommand Load(IReadOnlyCollection<TKey> keys)
    {
        var command = new NpgsqlBatchCommand($"select {store.Mapping.Names} from {table} where {store.Key.Name} = any($1)");
        command.Parameters.Add(new NpgsqlParameter<TKey[]> { TypedValue = [.. keys] });
        return command;
    }

    /// <summary>Reads what <see cref="Load"/> found.</summary>
    public async Task ReadAsync(NpgsqlDataReader reader, Dictionary<TKey, TRow> rows, CancellationToken cancellation)
    {
        while (await reader.ReadAsync(cancellation))
        {
            var row = store.Mapping.Read(reader);
            rows.Add(store.Key.Get(row), row);
        }
    }

    /// <summary>Adds the statements that write a page. The checkpoints come first: whoever has lost them writes nothing.</summary>
    public void Write(NpgsqlBatch batch, IReadOnlyList<RowChange<TKey, TRow>> changes, IReadOnlyList<CheckpointAdvance> advances)
    {
        batch.BatchCommands.Add(Advance(advances));

        var deleted = changes.Where(change => change.Row is null).Select(change => change.Key).ToArray();
        if (deleted.Length > 0)
        {
            var delete = new NpgsqlBatchCommand($"delete from {table} where {store.Key.Name} = any($1)");
            delete.Parameters.Add(new NpgsqlParameter<TKey[]> { TypedValue = deleted });
            batch.BatchCommands.Add(delete);
        }

        var kept = changes.Where(change => change.Row is not null).Select(change => change.Row!).ToArray();
        if (kept.Length > 0)
            batch.BatchCommands.Add(Upsert(kept));
    }

    /// <summary>Says what an error of the database means for a page.</summary>
    public static Exception Translate(PostgresException exception) => exception switch
    {
        { SqlState: StoreSchema.CheckpointLost } => new CheckpointLostException(exception),
        _ when DataErrors.Contains(exception.SqlState[..2]) => new RowsRefusedException($"{exception.SqlState}: {exception.MessageText}", exception),
        _ => exception,
    };

    private NpgsqlBatchCommand Advance(IReadOnlyList<CheckpointAdvance> advances)
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

    private NpgsqlBatchCommand Upsert(TRow[] rows)
    {
        var columns = store.Mapping.Columns;
        var arrays = string.Join(", ", columns.Select((column, i) => $"${i + 1}::{column.SqlType}[]"));
        var updates = string.Join(", ", columns.Where(column => column.Name != store.Key.Name).Select(column => $"{column.Name} = excluded.{column.Name}"));
        var command = new NpgsqlBatchCommand(
            $"insert into {table} ({store.Mapping.Names}) select * from unnest({arrays}) on conflict ({store.Key.Name}) do {(updates.Length > 0 ? $"update set {updates}" : "nothing")}");
        foreach (var column in columns)
            command.Parameters.Add(column.Values(rows));
        return command;
    }

    private static NpgsqlParameter Values<T>(IReadOnlyList<CheckpointAdvance> advances, Func<CheckpointAdvance, T> value, NpgsqlDbType type)
    {
        var values = new T[advances.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(advances[i]);
        return new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = Array | type };
    }
}
