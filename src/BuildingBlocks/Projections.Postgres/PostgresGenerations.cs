using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>The entries of one projection's generations, each with the table of its rows.</summary>
internal sealed class PostgresGenerations(
    NpgsqlDataSource dataSource, string schema, string projection, PostgresTable table, IReadOnlyList<ColumnShape> columns)
{
    private const string Columns =
        "number, version, purpose, state, promotion, operation, created_at, ended_at, until, snapshot, targets, in_memory, folded, "
        + "row_hash, reason, cleaned, faults, rows_written, rows_left";

    /// <summary>The table of a generation's rows.</summary>
    public string TableName(int generation) => $"{table.Name}_g{generation}";

    /// <summary>Selects all generations, oldest first, for <see cref="ReadAsync"/>.</summary>
    public NpgsqlBatchCommand Select() => new($"select {Columns} from {schema}.generations where projection = $1 order by number")
    {
        Parameters = { new() { Value = projection } },
    };

    /// <summary>Lists all generations, oldest first.</summary>
    public async Task<IReadOnlyList<Generation>> ListAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Select() } };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        return await ReadAsync(reader, cancellation);
    }

    /// <summary>Reads the result of <see cref="Select"/>.</summary>
    public static async Task<List<Generation>> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var generations = new List<Generation>();
        while (await reader.ReadAsync(cancellation))
        {
            generations.Add(new Generation(
                reader.GetInt32(0),
                reader.GetInt32(1),
                Enum.Parse<Purpose>(reader.GetString(2), ignoreCase: true),
                Enum.Parse<GenerationState>(reader.GetString(3), ignoreCase: true),
                Enum.Parse<Promotion>(reader.GetString(4), ignoreCase: true),
                reader.IsDBNull(5) ? null : reader.GetGuid(5),
                reader.GetFieldValue<DateTimeOffset>(6),
                reader.IsDBNull(7) ? null : reader.GetFieldValue<DateTimeOffset>(7),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                reader.IsDBNull(9) ? null : reader.GetString(9),
                reader.IsDBNull(10) ? null : OffsetsJson.Read(reader.GetString(10)),
                reader.GetBoolean(11),
                reader.IsDBNull(12) ? null : OffsetsJson.Read(reader.GetString(12)),
                reader.IsDBNull(13) ? null : reader.GetString(13),
                reader.IsDBNull(14) ? null : reader.GetString(14),
                reader.GetBoolean(15))
            {
                Faults = reader.GetFieldValue<string[]>(16),
                Fill = reader.IsDBNull(17) || reader.IsDBNull(18) ? null : new FillProgress(reader.GetInt64(17), reader.GetInt64(18)),
            });
        }

        return generations;
    }

    /// <summary>Adds a generation in the state building, and creates the table of its rows.</summary>
    public async Task InsertAsync(NpgsqlConnection connection, int number, GenerationRequest request, CancellationToken cancellation)
    {
        var shape = string.Join(", ", columns.Select(column => $"{column.Name} {column.SqlType}"));
        await connection.ExecuteAsync($"create table {schema}.{TableName(number)} ({shape}, primary key ({table.Key}))", cancellation);
        await using var insert = new NpgsqlCommand(
            $"""
            insert into {schema}.generations (projection, number, version, purpose, state, promotion, operation, until, snapshot)
                values ($1, $2, $3, $4, 'building', $5, $6, $7, $8)
            """,
            connection);
        Identify(insert.Parameters, number);
        insert.Parameters.Add(new() { Value = request.Version });
        insert.Parameters.Add(new() { Value = PostgresRegistry.Word(request.Purpose) });
        insert.Parameters.Add(new() { Value = PostgresRegistry.Word(request.Promotion) });
        insert.Parameters.Add(new() { Value = (object?)request.Operation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        insert.Parameters.Add(new() { Value = (object?)request.Until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        insert.Parameters.Add(new() { Value = (object?)request.Snapshot ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Changes a generation if a condition holds. The parameters start with $3, after the projection and the number.</summary>
    public async Task<bool> ChangeAsync(
        int generation, string change, string condition, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(
            $"update {schema}.generations set {change} where projection = $1 and number = $2 and ({condition})");
        Identify(command.Parameters, generation);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Adds the projection and the number as the first two parameters.</summary>
    public void Identify(NpgsqlParameterCollection parameters, int generation)
    {
        parameters.Add(new() { Value = projection });
        parameters.Add(new() { Value = generation });
    }
}
