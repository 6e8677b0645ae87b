using System.Text.Json;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The record of operators and the dead letters of one projection.</summary>
internal sealed class PostgresRecord(NpgsqlDataSource dataSource, string schema, string projection)
{
    private const string OperationColumns = "id, kind, projection, generation, actor, state, detail, result, started_at, ended_at";

    public async Task AddAsync(Operation operation, string action, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await AddAsync(connection, operation, action, cancellation);
    }

    /// <summary>
    /// Executes a command and records the operation in the same transaction. The command returns how many rows it changed; if there are
    /// none, nothing is recorded.
    /// </summary>
    public async Task<long> ExecuteAndRecordAsync(NpgsqlCommand command, OperationRecord? recording, CancellationToken cancellation)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        command.Connection = connection;
        var changed = (long)(await command.ExecuteScalarAsync(cancellation))!;
        if (changed > 0 && recording is not null)
            await AddAsync(connection, recording.Operation, recording.Action, cancellation);
        await transaction.CommitAsync(cancellation);
        return changed;
    }

    public async Task AddAsync(NpgsqlConnection connection, Operation operation, string action, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            insert into {schema}.operations (id, projection, kind, generation, actor, action, state, detail, started_at, ended_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,
            connection);
        command.Parameters.Add(new() { Value = operation.Id });
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = operation.Kind });
        command.Parameters.Add(Nullable(operation.Generation, NpgsqlDbType.Integer));
        command.Parameters.Add(Nullable(operation.Actor, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = action });
        command.Parameters.Add(new() { Value = PostgresRegistry.Word(operation.State) });
        command.Parameters.Add(Nullable(operation.Detail, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = operation.StartedAt });
        command.Parameters.Add(Nullable(operation.EndedAt, NpgsqlDbType.TimestampTz));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task EndAsync(Guid operation, OperationState state, string detail, string? result, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"update {schema}.operations set state = $2, detail = $3, result = $4, ended_at = now() where id = $1 and state = 'running'");
        command.Parameters.Add(new() { Value = operation });
        command.Parameters.Add(new() { Value = PostgresRegistry.Word(state) });
        command.Parameters.Add(new() { Value = detail });
        command.Parameters.Add(Nullable(result, NpgsqlDbType.Json));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<Operation?> FindAsync(Guid operation, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"select {OperationColumns} from {schema}.operations where projection = $1 and id = $2");
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = operation });
        return (await OperationsAsync(command, cancellation)).SingleOrDefault();
    }

    public async Task<IReadOnlyList<Operation>> RunningOperationsAsync(IReadOnlyList<string> kinds, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select {OperationColumns} from {schema}.operations
            where projection = $1 and state = 'running' and kind = any($2) order by started_at
            """);
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = kinds.ToArray() });
        return await OperationsAsync(command, cancellation);
    }

    public async Task<IReadOnlyList<OperatorAction>> ActionsAsync(int limit, ActionCursor? after, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select at, operation, actor, action, generation, outcome, detail, sequence from {schema}.actions
            where projection = $1 {(after is null ? "" : "and (at, operation, sequence) < ($3, $4, $5)")}
            order by at desc, operation desc, sequence desc limit $2
            """);
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = limit });
        if (after is { } cursor)
        {
            command.Parameters.Add(new() { Value = cursor.At });
            command.Parameters.Add(new() { Value = cursor.Operation });
            command.Parameters.Add(new() { Value = cursor.Sequence });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var actions = new List<OperatorAction>();
        while (await reader.ReadAsync(cancellation))
        {
            actions.Add(new OperatorAction(
                reader.GetFieldValue<DateTimeOffset>(0),
                reader.GetGuid(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.GetString(3),
                projection,
                reader.IsDBNull(4) ? null : reader.GetInt32(4),
                Enum.Parse<OperationState>(reader.GetString(5), ignoreCase: true),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.GetInt64(7)));
        }

        return actions;
    }

    public async Task<IReadOnlyList<DeadLetter>> DeadLettersAsync(int limit, DeadLetterCursor? after, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            select d.generation, d.key, d.event_id, d.type, d.log, d.partition, d."offset", d.reason, d.parked_at, d.asked, d.sequence
            from {schema}.dead_letters d join {schema}.generations g on g.projection = d.projection and g.number = d.generation
            where d.projection = $1 and g.state in ('building', 'ready', 'live', 'retired', 'snapshot')
                {(after is null ? "" : "and d.generation <= $3 and (d.generation < $3 or d.sequence > $4)")}
            order by d.generation desc, d.sequence limit $2
            """);
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = limit });
        if (after is { } cursor)
        {
            command.Parameters.Add(new() { Value = cursor.Generation });
            command.Parameters.Add(new() { Value = cursor.Sequence });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var deadLetters = new List<DeadLetter>();
        while (await reader.ReadAsync(cancellation))
        {
            deadLetters.Add(new DeadLetter(
                projection,
                reader.GetInt32(0),
                reader.GetString(1),
                reader.GetGuid(2),
                reader.GetString(3),
                reader.GetString(4),
                reader.GetInt32(5),
                reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetString(7),
                reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(9) ? null : reader.GetString(9),
                reader.GetInt64(10)));
        }

        return deadLetters;
    }

    public async Task<long> AddRequestAsync(
        int generation, string? key, DeadLetterRequest request, OperationRecord recording, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            with requested as (
                update {schema}.dead_letters set asked = $4, operation = $5
                where projection = $1 and generation = $2 and ($3::text is null or key = $3) returning sequence
            )
            select count(*) from requested
            """);
        command.Parameters.Add(new() { Value = projection });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(Nullable(key, NpgsqlDbType.Text));
        command.Parameters.Add(new() { Value = PostgresRegistry.Word(request) });
        command.Parameters.Add(new() { Value = recording.Operation.Id });
        return await ExecuteAndRecordAsync(command, recording, cancellation);
    }

    public async Task EndDeadLetterRequestAsync(Operation operation, int? live, CancellationToken cancellation)
    {
        var (pendingKeys, remaining) = await ProgressOfAsync(operation.Id, cancellation);
        if (pendingKeys > 0 && live == operation.Generation)
            return;
        await using var remove = dataSource.CreateCommand(
            $"update {schema}.dead_letters set asked = null, operation = null where operation = $1");
        remove.Parameters.Add(new() { Value = operation.Id });
        await remove.ExecuteNonQueryAsync(cancellation);
        var (state, detail) = operation.OutcomeOfRequest(remaining);
        await EndAsync(operation.Id, state, detail, null, cancellation);
    }

    private async Task<(long PendingKeys, long Remaining)> ProgressOfAsync(Guid operation, CancellationToken cancellation)
    {
        // The first dead letter of a key tells whether the request for the key is pending.
        await using var command = dataSource.CreateCommand(
            $"""
            select count(*) filter (where asked is not null), (select count(*) from {schema}.dead_letters where operation = $1)
            from (
                select distinct on (generation, key) asked, operation from {schema}.dead_letters
                where projection = $2 order by generation, key, sequence
            ) first
            where operation = $1
            """);
        command.Parameters.Add(new() { Value = operation });
        command.Parameters.Add(new() { Value = projection });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<List<Operation>> OperationsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var operations = new List<Operation>();
        while (await reader.ReadAsync(cancellation))
        {
            operations.Add(new Operation(
                reader.GetGuid(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                Enum.Parse<OperationState>(reader.GetString(5), ignoreCase: true),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : JsonDocument.Parse(reader.GetString(7)).RootElement.Clone(),
                reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9)));
        }

        return operations;
    }
}
