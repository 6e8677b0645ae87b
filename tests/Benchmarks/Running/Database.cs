using Npgsql;

namespace Monolith.Benchmarks.Running;

/// <summary>One database of the private cluster, accessed as superuser.</summary>
internal sealed class Database(string connectionString)
{
    public string ConnectionString { get; } = connectionString;

    public Database Named(string name) => new(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString);

    /// <summary>A new connection without pooling.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<T> ScalarAsync<T>(string sql, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
