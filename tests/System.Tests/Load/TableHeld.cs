using Monolith.System.Tests.Sites;
using Npgsql;

namespace Monolith.System.Tests.Load;

/// <summary>While it lives, a table is locked by somebody who does not go on.</summary>
internal sealed class TableHeld : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private TableHeld(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>No event of customers is committed: whoever appends one waits. Everything can be read.</summary>
    public static Task<TableHeld> LogAsync(Site site) => TakeAsync(site, "customers.events", "exclusive");

    /// <summary>Nobody reads or writes it.</summary>
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
