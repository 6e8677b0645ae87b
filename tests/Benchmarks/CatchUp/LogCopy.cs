using Monolith.Benchmarks.Running;
using Monolith.BuildingBlocks.Events;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Benchmarks.CatchUp;

/// <summary>Writes into the log of a module without its trigger, and assigns the offsets itself.</summary>
internal sealed class LogCopy : IAsyncDisposable
{
    public const int Partitions = 32;

    // In this mode the triggers of a superuser do not fire, so that the offsets come from here.
    private const string PastTriggers = "set session_replication_role = replica";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlBinaryImporter copy;
    private readonly string schema;
    private readonly long[] next = new long[Partitions];

    private LogCopy(NpgsqlConnection connection, NpgsqlBinaryImporter copy, string schema)
    {
        this.connection = connection;
        this.copy = copy;
        this.schema = schema;
    }

    public static async Task<LogCopy> BeginAsync(Database database, string schema, CancellationToken cancellation)
    {
        var connection = await database.OpenAsync(cancellation);
        await ExecuteAsync(connection, PastTriggers, cancellation);
        var copy = await connection.BeginBinaryImportAsync(
            $"""copy {schema}.events (partition, "offset", event_id, stream_id, stream_version, type, data, occurred_at, correlation_id) from stdin (format binary)""",
            cancellation);
        return new LogCopy(connection, copy, schema);
    }

    public async Task WriteAsync(Guid stream, int version, string type, string data, DateTimeOffset at, CancellationToken cancellation)
    {
        var partition = Partitioner.PartitionOf(stream, Partitions);
        await copy.StartRowAsync(cancellation);
        await copy.WriteAsync(partition, NpgsqlDbType.Integer, cancellation);
        await copy.WriteAsync(next[partition]++, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(Guid.CreateVersion7(at), NpgsqlDbType.Uuid, cancellation);
        await copy.WriteAsync(stream, NpgsqlDbType.Uuid, cancellation);
        await copy.WriteAsync((long)version, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(type, NpgsqlDbType.Text, cancellation);
        await copy.WriteAsync(data, NpgsqlDbType.Json, cancellation);
        await copy.WriteAsync(at, NpgsqlDbType.TimestampTz, cancellation);
        await copy.WriteAsync(stream, NpgsqlDbType.Uuid, cancellation);
    }

    /// <summary>Completes the copy: the log continues after the written events.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        await copy.CompleteAsync(cancellation);
        await copy.DisposeAsync();
        for (var partition = 0; partition < Partitions; partition++)
            await ExecuteAsync(
                connection, $"update {schema}.partitions set next_offset = {next[partition]} where partition = {partition}", cancellation);
        await ExecuteAsync(connection, $"vacuum analyze {schema}.events", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await copy.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
