using System.Data;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Rows in one table for each generation (<c>orders_read.customers_g1</c>) behind a stable view (<c>orders_read.customers</c>), in a schema
/// that the module owns, together with the registry, the checkpoints and the dead letters of the module's projections.
/// </summary>
internal sealed class PostgresStore<TKey, TRow> : IProjectionStore<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int ChangesPerStatement = 5_000;

    // The roles have a shorter timeout, against clients that stop responding while they hold a counter of a log. A fill holds no such lock,
    // and pauses between chunks as the throttle says: this is well above the longest pause.
    private const string AllowPauses = "set local idle_in_transaction_session_timeout = '20s'";

    private readonly NpgsqlDataSource dataSource;
    private readonly PostgresTable table;

    public PostgresStore(
        NpgsqlDataSource dataSource, string schema, ProjectionDefinition projection, PostgresTable table, JsonSerializerOptions json)
    {
        this.dataSource = dataSource;
        this.table = table;
        Schema = schema;
        Projection = projection;
        Mapping = new RowMapping<TRow>(json);
        Key = KeyOf(Mapping.Columns.FirstOrDefault(column => column.Name == table.Key)
            ?? throw new InvalidOperationException($"The row {typeof(TRow).Name} has no column {table.Key}, which is to be its key."));
        ColumnShape[] columns = [.. Mapping.Columns.Select(column => new ColumnShape(column.Name, column.SqlType))];
        Registry = new PostgresRegistry(dataSource, schema, projection, table, columns);
    }

    public string Schema { get; }

    public ProjectionDefinition Projection { get; }

    public RowMapping<TRow> Mapping { get; }

    public IKeyColumn<TRow, TKey> Key { get; }

    public IGenerationRegistry Registry { get; }

    public TKey KeyOf(TRow row) => Key.Get(row);

    public string TextOf(TKey key) => Key.TextOf(key);

    public TKey ParseKey(string text) => Key.Parse(text);

    public string TableOf(int generation) => $"{Schema}.{table.Name}_g{generation}";

    public async Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        Projection.Writers == WriterMode.Concurrent
            ? new ConcurrentBatch<TKey, TRow>(dataSource, new BatchStatements<TKey, TRow>(this, generation))
            : new SerializedBatch<TKey, TRow>(
                dataSource,
                await dataSource.OpenConnectionAsync(cancellation),
                GenerationLock.Of($"{Schema}/{Projection.Name}", generation),
                new BatchStatements<TKey, TRow>(this, generation));

    public async Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation)
    {
        var statements = new BatchStatements<TKey, TRow>(this, generation);
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        try
        {
            await connection.ExecuteAsync(AllowPauses, cancellation);
            // The rows come first, so that the checkpoints are locked for a moment only.
            await CopyAsync(connection, generation, fill.Added, cancellation);
            await ChangeAsync(connection, statements, fill.Changes, cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(statements.Advance(fill.Advances));
            if (fill.DeadLetters.Count > 0)
                batch.BatchCommands.Add(statements.AddDeadLetters(fill.DeadLetters));
            if (fill.IsLast)
                batch.BatchCommands.Add(SwitchToBatches(generation));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
            await batch.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException exception)
        {
            if (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
                await StalledTransactionTerminator.EndCopiesAsync(dataSource, TableOf(generation));
            throw BatchStatements<TKey, TRow>.Translate(exception);
        }
    }

    public async Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        var condition = after is null ? "" : $" where {Key.Name} > $2";
        await using var command = dataSource.CreateCommand(
            $"select {Mapping.Names} from {TableOf(generation)}{condition} order by {Key.Name} limit $1");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        if (after is { } key)
            command.Parameters.Add(Key.One(key));
        return await ReadAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand($"select {Mapping.Names} from {TableOf(generation)} where {Key.Name} = any($1)");
        command.Parameters.Add(Key.Keys(keys));
        return await ReadAsync(command, cancellation);
    }

    public async Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"select log, partition, next_offset from {Schema}.checkpoints where projection = $1 and generation = $2")
        {
            Parameters = { new() { Value = Projection.Name }, new() { Value = generation } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"select {Mapping.Names} from {TableOf(generation)} where {Key.Name} = any($1)")
        {
            Parameters = { Key.Keys(keys) },
        });
        var (checkpoints, rows) = (new List<PartitionCheckpoint>(), new List<TRow>());
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            checkpoints.Add(new PartitionCheckpoint(new LogPartition(reader.GetString(0), reader.GetInt32(1)), reader.GetInt64(2)));
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(Mapping.Read(reader));
        return new RowsWithCheckpoints<TRow>(checkpoints, rows);
    }

    public async Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select first.key, first.asked, first.operation, d.log, d.partition, d."offset", d.event_id, d.stream_id, d.stream_version,
                d.type, d.data, d.occurred_at, d.actor, d.correlation_id, d.causation_id, d.traceparent
            from (
                select head.* from (
                    select distinct on (key) key, asked, operation, log, partition from {Schema}.dead_letters
                    where projection = $1 and generation = $2
                        and key in (select key from {Schema}.dead_letters where projection = $1 and generation = $2 and asked is not null)
                    order by key, sequence
                ) head
                join unnest($3, $4) as owned (log, partition) on owned.log = head.log and owned.partition = head.partition
                where head.asked is not null
                order by head.key limit $5
            ) first
            cross join lateral (
                select * from {Schema}.dead_letters d where d.projection = $1 and d.generation = $2 and d.key = first.key
                order by d.sequence limit $6
            ) d
            order by first.key, d.sequence
            """);
        command.Parameters.Add(new() { Value = Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. owned.Select(partition => partition.Log)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. owned.Select(partition => partition.Partition)] });
        command.Parameters.Add(new() { Value = maxKeys });
        command.Parameters.Add(new() { Value = maxEventsPerKey });
        var keys = new List<(string Key, DeadLetterRequest Request, Guid Operation, List<LogRecord> Records)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (keys.Count == 0 || keys[^1].Key != reader.GetString(0))
                keys.Add(
                    (reader.GetString(0), Enum.Parse<DeadLetterRequest>(reader.GetString(1), ignoreCase: true), reader.GetGuid(2), []));
            keys[^1].Records.Add(RecordOf(reader));
        }

        return [.. keys.Select(key => new PendingRequest<TKey>(ParseKey(key.Key), key.Request, key.Operation, key.Records))];
    }

    private static LogRecord RecordOf(NpgsqlDataReader row) => new()
    {
        Log = row.GetString(3),
        Partition = row.GetInt32(4),
        Offset = row.GetInt64(5),
        EventId = row.GetGuid(6),
        StreamId = row.GetGuid(7),
        StreamVersion = row.GetInt64(8),
        Type = row.GetString(9),
        Data = row.GetFieldValue<byte[]>(10),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(11),
        Actor = row.IsDBNull(12) ? null : row.GetString(12),
        CorrelationId = row.GetGuid(13),
        CausationId = row.IsDBNull(14) ? null : row.GetGuid(14),
        TraceParent = row.IsDBNull(15) ? null : row.GetString(15),
    };

    private async Task CopyAsync(NpgsqlConnection connection, int generation, IAsyncEnumerable<TRow> rows, CancellationToken cancellation)
    {
        var sql = $"{StalledTransactionTerminator.CopyInto(TableOf(generation))}({Mapping.Names}) from stdin (format binary)";
        await using var copy = await connection.BeginBinaryImportAsync(sql, cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            await copy.StartRowAsync(cancellation);
            foreach (var column in Mapping.Columns)
                await column.WriteAsync(copy, row, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    private static async Task ChangeAsync(
        NpgsqlConnection connection,
        BatchStatements<TKey, TRow> statements,
        IAsyncEnumerable<RowChange<TKey, TRow>> changes,
        CancellationToken cancellation)
    {
        await foreach (var some in changes.Chunk(ChangesPerStatement).WithCancellation(cancellation))
        {
            await using var batch = new NpgsqlBatch(connection);
            statements.Change(batch, some);
            await batch.ExecuteNonQueryAsync(cancellation);
        }
    }

    private NpgsqlBatchCommand SwitchToBatches(int generation) =>
        new($"update {Schema}.generations set in_memory = false, folded = null where projection = $1 and number = $2")
        {
            Parameters = { new() { Value = Projection.Name }, new() { Value = generation } },
        };

    private async Task<IReadOnlyList<TRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rows = new List<TRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(Mapping.Read(reader));
        return rows;
    }

    private static IKeyColumn<TRow, TKey> KeyOf(Column<TRow> column) => column switch
    {
        IKeyColumn<TRow, TKey> key => key,
        ScalarColumn<TRow, TKey> =>
            (IKeyColumn<TRow, TKey>)Activator.CreateInstance(typeof(KeyColumn<,>).MakeGenericType(typeof(TRow), typeof(TKey)), column)!,
        _ => throw new InvalidOperationException(
            $"The key of {typeof(TRow).Name} is a {typeof(TKey).Name}, the column {column.Name} is of another type."),
    };
}
