using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>Statements without parameters or rows, on a connection that is open.</summary>
internal static class ConnectionStatements
{
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
