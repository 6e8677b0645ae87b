using Monolith.System.Tests.Hosting;
using Npgsql;

namespace Monolith.System.Tests.Load;

/// <summary>Locks a table until disposed, as a stalled session does.</summary>
internal sealed class TableHeld : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private TableHeld(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Blocks appends of customer events. Reads still succeed.</summary>
    public static Task<TableHeld> LogAsync(Site site) => TakeAsync(site, "customers.events", "exclusive");

    /// <summary>Blocks reads and writes.</summary>
    public static Task<TableHeld> TakeAsync(Site site, string table) => TakeAsync(site, table, "access exclusive");

    public async ValueTask DisposeAsync()
    {
        await using (var end = new NpgsqlCommand("rollback", connection))
            await end.ExecuteNonQueryAsync();
        await connection.DisposeAsync();
    }

    private static async Task<TableHeld> TakeAsync(Site site, string table, string mode)
    {
        var connection = await site.Sql.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand($"begin; lock table {table} in {mode} mode", connection);
        await hold.ExecuteNonQueryAsync();
        return new TableHeld(connection);
    }
}
