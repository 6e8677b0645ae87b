using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Ends the sessions of processes that stopped responding while they were sending a batch. PostgreSQL has executed the first statements by
/// then, holds their locks, and waits for the rest; before version 17 there is no time limit for that.
/// </summary>
internal static class StalledTransactionTerminator
{
    private const string WaitForClient =
        """
        select pg_terminate_backend(pid) from pg_stat_activity
        where usename = current_user and pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead'
        """;

    // A COPY looks the same while its rebuild pauses between two chunks, but holds no lock that a batch needs.
    private const string Batches = $"{WaitForClient} and state_change < now() - interval '2 seconds' and query not ilike 'copy %'";

    private const string Copies = $"{WaitForClient} and starts_with(query, $1)";

    /// <summary>
    /// Executes a statement that may have to wait for a lock. If it waited too long, ends stalled sessions before the next attempt.
    /// </summary>
    public static async Task<T> ExecuteAsync<T>(NpgsqlDataSource dataSource, Func<Task<T>> statement)
    {
        try
        {
            return await statement();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await using var end = dataSource.CreateCommand(Batches);
            await end.ExecuteNonQueryAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends every COPY into the table of a generation, for its builder, which waits for the rows of an earlier one. Only one host at a time
    /// has the claim, so that another host that still copies has lost it.
    /// </summary>
    public static async Task EndCopiesAsync(NpgsqlDataSource dataSource, string table)
    {
        await using var end = dataSource.CreateCommand(Copies);
        end.Parameters.Add(new() { Value = CopyInto(table) });
        await end.ExecuteNonQueryAsync();
    }

    /// <summary>The start of a COPY statement, by which it is recognized.</summary>
    public static string CopyInto(string table) => $"copy {table} ";
}
