using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Ends the sessions of processes that froze while they were sending a page. PostgreSQL has run the first statements of the batch by then, holds their locks, and waits for the rest without
/// any time limit that could be set before version 17.
/// </summary>
internal static class FrozenWriters
{
    private const string Sql =
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where usename = current_user and pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead' and state_change < now() - interval '2 seconds'
        """;

    /// <summary>Runs a statement that may have to wait for a lock; where it waited too long, makes way for the next attempt.</summary>
    public static async Task<T> MakeWayAsync<T>(NpgsqlDataSource dataSource, Func<Task<T>> statement)
    {
        try
        {
            return await statement();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await using var end = dataSource.CreateCommand(Sql);
            await end.ExecuteNonQueryAsync();
            throw;
        }
    }
}
