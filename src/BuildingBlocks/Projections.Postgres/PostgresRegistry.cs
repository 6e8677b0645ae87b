using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The registry of one projection, in the schema of its rows.</summary>
internal sealed class PostgresRegistry : IGenerationRegistry
{
    private readonly NpgsqlDataSource dataSource;
    private readonly string schema;
    private readonly ProjectionDefinition projection;
    private readonly PostgresTable table;
    private readonly QueryView view;
    private readonly PostgresGenerations generations;
    private readonly PostgresPreparation preparation;
    private readonly PostgresRecord record;
    private readonly string claimPartitionsSql;

    public PostgresRegistry(
        NpgsqlDataSource dataSource,
        string schema,
        ProjectionDefinition projection,
        PostgresTable table,
        IReadOnlyList<ColumnShape> columns)
    {
        this.dataSource = dataSource;
        this.schema = schema;
        this.projection = projection;
        this.table = table;
        view = new QueryView(schema, table.Name, columns);
        generations = new PostgresGenerations(dataSource, schema, projection.Name, table, columns);
        preparation = new PostgresPreparation(schema, projection, table, generations, view);
        record = new PostgresRecord(dataSource, schema, projection.Name);
        // The lock on the entry prevents claims of partitions while the generation is being ended.
        claimPartitionsSql =
            $"""
            with open as materialized (
                select number from {schema}.generations
                where projection = $1 and number = $2 and state in ('building', 'ready', 'live', 'retired') for share
            )
            insert into {schema}.checkpoints (projection, generation, log, partition, epoch, next_offset, position)
                select $1, $2, claimed.log, claimed.partition, 1, 0, 0 from open, unnest($3, $4) as claimed (log, partition)
                order by claimed.log, claimed.partition
            on conflict (projection, generation, log, partition) do update set epoch = checkpoints.epoch + 1, updated_at = now()
            returning log, partition, epoch, next_offset, last_event_id, position, source
            """;
    }

    public string Store => "postgres";

    public string? Instance => null;

    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // Concurrent "create … if not exists" statements of two hosts could still fail.
        await LockAsync(connection, cancellation);
        await preparation.RunAsync(connection, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async Task<Registry> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            return await ReadTablesAsync(cancellation);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The host has just started and has not created the tables yet.
            return new Registry([], false, new Dictionary<int, long>(), false);
        }
    }

    private async Task<Registry> ReadTablesAsync(CancellationToken cancellation)
    {
        await using var batch = dataSource.CreateBatch();
        batch.BatchCommands.Add(generations.Select());
        batch.BatchCommands.Add(Of($"select paused from {schema}.projections where projection = $1"));
        batch.BatchCommands.Add(
            Of($"select generation, count(*), count(asked) from {schema}.dead_letters where projection = $1 group by generation"));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var all = await PostgresGenerations.ReadAsync(reader, cancellation);
        await reader.NextResultAsync(cancellation);
        var paused = await reader.ReadAsync(cancellation) && reader.GetBoolean(0);
        await reader.NextResultAsync(cancellation);
        var deadLetters = new Dictionary<int, long>();
        var hasPendingRequests = false;
        while (await reader.ReadAsync(cancellation))
        {
            deadLetters[reader.GetInt32(0)] = reader.GetInt64(1);
            hasPendingRequests |= reader.GetInt64(2) > 0;
        }

        return new Registry(all, paused, deadLetters, hasPendingRequests);
    }

    public async Task<int?> CreateAsync(GenerationRequest request, Operation operation, string action, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await LockAsync(connection, cancellation);
        var existing = await generations.ListAsync(connection, cancellation);
        var isNameInUse = request.Snapshot is { } name && existing.Any(generation => generation.Snapshot == name && !generation.IsGone);
        if (isNameInUse || existing.Any(generation => generation.IsUnderWay))
            return null;
        var number = existing.Count == 0 ? 1 : existing[^1].Number + 1;
        await generations.InsertAsync(connection, number, request, cancellation);
        await record.AddAsync(connection, operation with { Generation = number }, action, cancellation);
        await transaction.CommitAsync(cancellation);
        return number;
    }

    public async Task<bool> ClaimRebuildAsync(
        int generation,
        Guid builder,
        TimeSpan lease,
        IReadOnlyDictionary<LogPartition, long>? folded,
        FillProgress? fill,
        CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            update {schema}.generations set builder = $3, builder_until = clock_timestamp() + $4,
                folded = case when in_memory then coalesce($5, folded) end,
                rows_written = case when in_memory then coalesce($6, rows_written) end,
                rows_left = case when in_memory then coalesce($7, rows_left) end
            where projection = $1 and number = $2 and (builder is null or builder = $3 or builder_until < clock_timestamp())
                and (state in ('building', 'ready') or (state = 'retired' and promotion = 'auto'))
            """);
        generations.Identify(command.Parameters, generation);
        command.Parameters.Add(new() { Value = builder });
        command.Parameters.Add(new() { Value = lease });
        command.Parameters.Add(
            new() { Value = folded is null ? DBNull.Value : OffsetsJson.Write(folded), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new() { Value = (object?)fill?.Written ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)fill?.Left ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public Task ReleaseRebuildAsync(int generation, Guid builder, CancellationToken cancellation) => generations.ChangeAsync(
        generation,
        "builder_until = clock_timestamp() - interval '1 second'",
        "builder = $3",
        [new() { Value = builder }],
        cancellation);

    public Task SetTargetsAsync(
        int generation,
        IReadOnlyDictionary<LogPartition, long> targets,
        bool inMemory,
        CancellationToken cancellation) => generations.ChangeAsync(
        generation,
        "targets = $3, in_memory = $4",
        "targets is null",
        [new() { Value = OffsetsJson.Write(targets), NpgsqlDbType = NpgsqlDbType.Jsonb }, new() { Value = inMemory }],
        cancellation);

    public Task SwitchToBatchesAsync(int generation, CancellationToken cancellation) =>
        generations.ChangeAsync(generation, "in_memory = false, folded = null", "in_memory", [], cancellation);

    public Task MarkReadyAsync(int generation, string reason, CancellationToken cancellation) =>
        ChangeAndEndOperationAsync(
            generation, "state = 'ready', promotion = 'manual', reason = $3", "state = 'building'", reason, "done", null, cancellation);

    public async Task CompleteSnapshotAsync(int generation, string rowHash, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var snapshot = (await generations.ListAsync(connection, cancellation)).First(entry => entry.Number == generation).Snapshot!;
        await using var keep = new NpgsqlCommand(
            $"""
            with kept as (
                update {schema}.generations set state = 'snapshot', promotion = 'none', row_hash = $3, ended_at = now(),
                    in_memory = false, folded = null, builder = null
                where projection = $1 and number = $2 and state = 'building' returning number
            )
            update {schema}.operations set state = 'done', detail = $4, ended_at = now()
            where projection = $1 and generation = $2 and state = 'running' and exists (select from kept)
            """,
            connection);
        generations.Identify(keep.Parameters, generation);
        keep.Parameters.Add(new() { Value = rowHash });
        keep.Parameters.Add(new() { Value = $"the snapshot {snapshot} is kept as generation {generation}" });
        await keep.ExecuteNonQueryAsync(cancellation);
        var sql = await view.OverAsync(connection, table.AtSnapshot(snapshot), generations.TableName(generation), "", cancellation);
        await connection.ExecuteAsync(sql, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public Task SetRowHashAsync(int generation, string rowHash, CancellationToken cancellation) =>
        generations.ChangeAsync(generation, "row_hash = $3", "true", [new() { Value = rowHash }], cancellation);

    public Task AddFaultsAsync(int generation, IReadOnlyList<string> faults, CancellationToken cancellation) => generations.ChangeAsync(
        generation,
        "faults = array(select distinct fault from unnest(faults || $3) fault order by fault)",
        "true",
        [new() { Value = faults.ToArray() }],
        cancellation);

    public async Task<bool> RequestPromotionAsync(int generation, OperationRecord recording, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with requested as (
                update {schema}.generations set promotion = 'auto', operation = $3
                where projection = $1 and number = $2 and purpose = 'rebuild' and state in ('building', 'ready', 'retired') returning number
            )
            select count(*) from requested
            """);
        generations.Identify(command.Parameters, generation);
        command.Parameters.Add(new() { Value = recording.Operation.Id });
        try
        {
            return await record.ExecuteAndRecordAsync(command, recording, cancellation) == 1;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another generation is under way.
            return false;
        }
    }

    public async Task BlockLiveWritesAsync(TimeSpan span, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"update {schema}.generations set held_until = clock_timestamp() + $2 where projection = $1 and state = 'live'");
        command.Parameters.Add(new() { Value = projection.Name });
        command.Parameters.Add(new() { Value = span });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<PromotionOutcome> PromoteAsync(int generation, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        var sql = await view.OverAsync(connection, table.Name, generations.TableName(generation), "", cancellation);
        await using var promote = new NpgsqlCommand($"select {schema}.promote_generation($1, $2, $3)", connection);
        generations.Identify(promote.Parameters, generation);
        promote.Parameters.Add(new() { Value = sql });
        return (string)(await promote.ExecuteScalarAsync(cancellation))! switch
        {
            "parked" => PromotionOutcome.NewDeadLetters,
            var outcome => Enum.Parse<PromotionOutcome>(outcome, ignoreCase: true),
        };
    }

    public async Task<bool> EndAsync(
        int generation, GenerationState state, string? reason, OperationRecord? recording, CancellationToken cancellation)
    {
        var from = state == GenerationState.Dropped
            ? "state in ('retired', 'snapshot') and promotion <> 'auto' or purpose = 'verify' and state = 'building'"
            : "state in ('building', 'ready')";
        await using var end = new NpgsqlCommand(
            $"""
            with ended as (
                update {schema}.generations set state = $3, promotion = 'none', reason = coalesce($4, reason), ended_at = now(),
                    in_memory = false, folded = null, builder = null
                where projection = $1 and number = $2 and ({from}) returning number
            ), ended_operations as (
                update {schema}.operations set state = case when $3 = 'dropped' then 'done' else 'failed' end,
                    detail = coalesce($4, format('generation %s is %s', $2::text, $3)), ended_at = now()
                where projection = $1 and generation = $2 and state = 'running'
                    and kind in ('rebuild', 'upgrade', 'promote', 'build', 'verify') and exists (select from ended)
            ), deleted_checkpoints as (
                delete from {schema}.checkpoints where projection = $1 and generation in (select number from ended)
            )
            select count(*) from ended
            """);
        generations.Identify(end.Parameters, generation);
        end.Parameters.Add(new() { Value = Word(state) });
        end.Parameters.Add(new() { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        return await record.ExecuteAndRecordAsync(end, recording, cancellation) == 1;
    }

    public Task<bool> CancelCatchUpAsync(int generation, string reason, OperationRecord? recording, CancellationToken cancellation) =>
        ChangeAndEndOperationAsync(
            generation,
            "promotion = 'none', reason = $3",
            "state = 'retired' and promotion = 'auto'",
            reason,
            "failed",
            recording,
            cancellation);

    public async Task CleanAsync(int generation, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        var snapshot = (await generations.ListAsync(connection, cancellation)).First(entry => entry.Number == generation).Snapshot;
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // A query may hold the table; the next round tries again.
        await connection.ExecuteAsync("set local lock_timeout = '50ms'", cancellation);
        if (snapshot is not null)
            await connection.ExecuteAsync($"drop view if exists {schema}.{table.AtSnapshot(snapshot)}", cancellation);
        await connection.ExecuteAsync($"drop table if exists {schema}.{generations.TableName(generation)}", cancellation);
        foreach (var other in new[] { "dead_letters", "checkpoints" })
        {
            await using var remove = new NpgsqlCommand(
                $"delete from {schema}.{other} where projection = $1 and generation = $2", connection);
            generations.Identify(remove.Parameters, generation);
            await remove.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    public Task MarkCleanedAsync(int generation, CancellationToken cancellation) =>
        generations.ChangeAsync(generation, "cleaned = true", "not cleaned", [], cancellation);

    public async Task<IReadOnlyList<PartitionCheckpoint>> CheckpointsAsync(int generation, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select log, partition, next_offset from {schema}.checkpoints
            where projection = $1 and generation = $2 order by log, partition
            """);
        generations.Identify(command.Parameters, generation);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var checkpoints = new List<PartitionCheckpoint>();
        while (await reader.ReadAsync(cancellation))
            checkpoints.Add(new PartitionCheckpoint(new LogPartition(reader.GetString(0), reader.GetInt32(1)), reader.GetInt64(2)));
        return checkpoints;
    }

    public async Task<IReadOnlyList<Checkpoint>> ClaimPartitionsAsync(
        int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(claimPartitionsSql);
        generations.Identify(command.Parameters, generation);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. partitions.Select(partition => partition.Log)] });
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. partitions.Select(partition => partition.Partition)] });
        await using var reader = await StalledTransactionTerminator.ExecuteAsync(
            dataSource, () => command.ExecuteReaderAsync(cancellation));
        return await CheckpointRows.ReadAsync(reader, cancellation);
    }

    public async Task<bool> SetPausedAsync(bool paused, OperationRecord recording, CancellationToken cancellation)
    {
        await using var change = new NpgsqlCommand(
            $"""
            with changed as (
                insert into {schema}.projections as known (projection, paused) values ($1, $2)
                on conflict (projection) do update set paused = excluded.paused where known.paused <> excluded.paused returning projection
            )
            select count(*) from changed
            """);
        change.Parameters.Add(new() { Value = projection.Name });
        change.Parameters.Add(new() { Value = paused });
        return await record.ExecuteAndRecordAsync(change, recording, cancellation) == 1;
    }

    public Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, CancellationToken cancellation, DeadLetterCursor? after = null) =>
        record.DeadLettersAsync(limit, after, cancellation);

    public Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, OperationRecord recording, CancellationToken cancellation) =>
        record.AddRequestAsync(generation, key, request, recording, cancellation);

    public Task RecordAsync(Operation operation, string action, CancellationToken cancellation) =>
        record.AddAsync(operation, action, cancellation);

    public Task EndOperationAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation) =>
        record.EndAsync(operation, state, detail, result, cancellation);

    public Task EndDeadLetterRequestAsync(Operation operation, int? live, CancellationToken cancellation) =>
        record.EndDeadLetterRequestAsync(operation, live, cancellation);

    public Task<Operation?> FindOperationAsync(Guid operation, CancellationToken cancellation) => record.FindAsync(operation, cancellation);

    public Task<IReadOnlyList<Operation>> RunningOperationsAsync(IReadOnlyList<string> kinds, CancellationToken cancellation) =>
        record.RunningOperationsAsync(kinds, cancellation);

    public Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, CancellationToken cancellation, ActionCursor? after = null) =>
        record.ActionsAsync(limit, after, cancellation);

    internal static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private NpgsqlBatchCommand Of(string sql) => new(sql) { Parameters = { new() { Value = projection.Name } } };

    private async Task LockAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await connection.ExecuteAsync($"select pg_advisory_xact_lock({GenerationLock.Of(schema, 0)})", cancellation);

    private async Task<bool> ChangeAndEndOperationAsync(
        int generation,
        string change,
        string condition,
        string reason,
        string outcome,
        OperationRecord? recording,
        CancellationToken cancellation)
    {
        await using var end = new NpgsqlCommand(
            $"""
            with changed as (
                update {schema}.generations set {change} where projection = $1 and number = $2 and ({condition}) returning number
            ), ended_operations as (
                update {schema}.operations set state = '{outcome}', detail = format('generation %s: %s', $2::text, $3::text),
                    ended_at = now()
                where projection = $1 and generation = $2 and state = 'running' and exists (select from changed)
            )
            select count(*) from changed
            """);
        generations.Identify(end.Parameters, generation);
        end.Parameters.Add(new() { Value = reason });
        return await record.ExecuteAndRecordAsync(end, recording, cancellation) == 1;
    }
}
