using Monolith.System.Tests.Sites;
using Npgsql;

namespace Monolith.System.Tests.Load;

/// <summary>While it lives, no event of customers is committed: whoever appends one waits. Everything can be read.</summary>
internal sealed class LogHeld : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private LogHeld(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<LogHeld> TakeAsync(Site site)
    {
        var connection = await site.Sql.OpenConnectionAsync();
        await using var hold = new NpgsqlCommand("begin; lock table customers.events in exclusive mode", connection);
        await hold.ExecuteNonQueryAsync();
        return new LogHeld(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var end = new NpgsqlCommand("rollback", connection))
            await end.ExecuteNonQueryAsync();
        await connection.DisposeAsync();
    }
}
