using System.Text.Json;
using Monolith.BuildingBlocks.EventLog.Transport;
using Monolith.BuildingBlocks.Projections.Stores;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Rows as a table a generation (<c>orders_read.customers_g1</c>) behind a stable view (<c>orders_read.customers</c>), in a schema that the running module owns, together with the registry and the
/// checkpoints of the module's projections.
/// </summary>
internal sealed class PostgresStore<TKey, TRow> : IProjectionStore<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int FirstGeneration = 1;

    private readonly NpgsqlDataSource dataSource;
    private readonly PostgresTable table;
    private readonly string takeSql;
    private ProjectionDefinition? projection;

    public PostgresStore(NpgsqlDataSource dataSource, string schema, PostgresTable table, JsonSerializerOptions json)
    {
        this.dataSource = dataSource;
        this.table = table;
        Schema = schema;
        Mapping = new RowMapping<TRow>(json);
        var key = Mapping.Columns.FirstOrDefault(column => column.Name == table.Key)
            ?? throw new InvalidOperationException($"The row {typeof(TRow).Name} has no column {table.Key}, which is to be its key.");
        Key = key as ScalarColumn<TRow, TKey>
            ?? throw new InvalidOperationException($"The key of {typeof(TRow).Name} is a {typeof(TKey).Name}, the column {table.Key} is of another type.");
        takeSql =
            $"""
            insert into {schema}.checkpoints (projection, generation, log, partition, epoch, next_offset, position)
                select $1, $2, taken.log, taken.partition, 1, 0, 0 from unnest($3, $4) as taken (log, partition) order by taken.log, taken.partition
            on conflict (projection, generation, log, partition) do update set epoch = checkpoints.epoch + 1, updated_at = now()
            returning log, partition, epoch, next_offset, last_event_id, position, source
            """;
    }

    public string Schema { get; }

    public RowMapping<TRow> Mapping { get; }

    public ScalarColumn<TRow, TKey> Key { get; }

    public ProjectionDefinition Projection => projection ?? throw new InvalidOperationException("The store is not prepared yet.");

    public async Task<int> PrepareAsync(ProjectionDefinition definition, CancellationToken cancellation)
    {
        projection = definition;
        await using var connection = await dataSource.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // "if not exists" still collides when two hosts start at the same moment.
        await ExecuteAsync(connection, $"select pg_advisory_xact_lock({GenerationLock.Of(Schema, 0)})", cancellation);

        var live = await LiveGenerationAsync(connection, cancellation);
        if (live is null)
        {
            live = FirstGeneration;
            await ExecuteAsync(connection, StoreSchema.Sql(Schema), cancellation);
            await ExecuteAsync(connection, TableSql(FirstGeneration), cancellation);
            await ExecuteAsync(connection, $"create view {Schema}.{table.Name} as select {Mapping.Names} from {TableOf(FirstGeneration)}", cancellation);
            await using var register = new NpgsqlCommand($"insert into {Schema}.generations (projection, number, version, state) values ($1, $2, $3, 'live')", connection)
            {
                Parameters = { new() { Value = definition.Name }, new() { Value = FirstGeneration }, new() { Value = definition.Version } },
            };
            await register.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
        return live.Value;
    }

    public async Task<IReadOnlyList<StartPoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation)
    {
        await using var command = dataSource.CreateCommand(takeSql);
        command.Parameters.Add(new() { Value = Projection.Name });
        command.Parameters.Add(new() { Value = generation });
        command.Parameters.Add(new() { Value = partitions.Select(partition => partition.Log).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = partitions.Select(partition => partition.Partition).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });

        var points = new List<StartPoint>(partitions.Count);
        await using var reader = await FrozenWriters.MakeWayAsync(dataSource, () => command.ExecuteReaderAsync(cancellation));
        while (await reader.ReadAsync(cancellation))
        {
            points.Add(new StartPoint(
                new LogPartition(reader.GetString(0), reader.GetInt32(1)),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.IsDBNull(4) ? null : reader.GetGuid(4),
                reader.GetInt64(5),
                reader.IsDBNull(6) ? null : reader.GetString(6)));
        }

        return points;
    }

    public async Task<IStorePage<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation) =>
        Projection.Writers == WriterMode.SideBySide
            ? new SideBySidePage<TKey, TRow>(dataSource, new PageStatements<TKey, TRow>(this, TableOf(generation), generation))
            : new ExclusivePage<TKey, TRow>(
                dataSource,
                await dataSource.OpenConnectionAsync(cancellation),
                GenerationLock.Of($"{Schema}/{Projection.Name}", generation),
                new PageStatements<TKey, TRow>(this, TableOf(generation), generation));

    private string TableOf(int generation) => $"{Schema}.{table.Name}_g{generation}";

    private string TableSql(int generation) =>
        $"create table {TableOf(generation)} ({string.Join(", ", Mapping.Columns.Select(column => $"{column.Name} {column.SqlType}"))}, primary key ({table.Key}))";

    private async Task<int?> LiveGenerationAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection) { Parameters = { new() { Value = $"{Schema}.generations" } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return null;

        await using var live = new NpgsqlCommand($"select number from {Schema}.generations where projection = $1 and state = 'live'", connection)
        {
            Parameters = { new() { Value = Projection.Name } },
        };
        return await live.ExecuteScalarAsync(cancellation) as int?;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
