using Npgsql;

namespace Monolith.BuildingBlocks.Projections.Postgres;

/// <summary>
/// Ends the sessions of processes that froze while they were sending a batch. PostgreSQL has run the first statements of the batch by then, holds their locks, and waits for the rest without
/// any time limit that could be set before version 17.
/// </summary>
internal static class StalledTransactionTerminator
{
    private const string WaitForClient = "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() and state = 'active' and wait_event = 'ClientRead'";

    /// <summary>A COPY looks the same while its build rests between two pieces, and holds nothing that a batch wants.</summary>
    private const string Batches = $"{WaitForClient} and state_change < now() - interval '2 seconds' and query not ilike 'copy %'";

    private const string Copies = $"{WaitForClient} and starts_with(query, $1)";

    /// <summary>Runs a statement that may have to wait for a lock; where it waited too long, makes way for the next attempt.</summary>
    public static async Task<T> MakeWayAsync<T>(NpgsqlDataSource dataSource, Func<Task<T>> statement)
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
    /// Ends what others copy into the table of a generation; for its builder, who met rows of an earlier one that never ended. Only one host at a time has the build, so that whoever still copies has lost it.
    /// </summary>
    public static async Task EndCopiesAsync(NpgsqlDataSource dataSource, string table)
    {
        await using var end = dataSource.CreateCommand(Copies);
        end.Parameters.Add(new() { Value = CopyInto(table) });
        await end.ExecuteNonQueryAsync();
    }

    /// <summary>How a COPY into a table begins.</summary>
    public static string CopyInto(string table) => $"copy {table} ";
}
