using Npgsql;

namespace Monolith.BuildingBlocks.Postgres;

/// <summary>Waits for the transactions that write to a table.</summary>
/// <param name="database">The module's database.</param>
/// <param name="table">The table with its schema (<c>orders.orders</c>).</param>
public sealed class TableWriters(ModuleDatabase database, string table)
{
    // A writer takes this lock with its first statement and keeps it until the transaction ends. Each read of pg_locks sees all of them at
    // one moment.
    private const string SelectWriters =
        """
        select virtualtransaction from pg_locks
        where locktype = 'relation' and relation = $1::regclass
            and database = (select oid from pg_database where datname = current_database())
            and mode = 'RowExclusiveLock' and granted
        """;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestTransaction = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Waits until every transaction that writes to the table now has ended. Transactions that begin later are not awaited.
    /// </summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">A transaction has been writing to the table for more than 10 s.</exception>
    public async Task WaitForOpenTransactionsAsync(CancellationToken cancellation)
    {
        var open = await OpenTransactionsAsync(cancellation);
        var since = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; open.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (TimeProvider.System.GetElapsedTime(since) > LongestTransaction)
                throw new TimeoutException(
                    $"A transaction has been writing to {table} for more than {LongestTransaction.TotalSeconds:0} s.");
            await Task.Delay(pause, cancellation);
            open.IntersectWith(await OpenTransactionsAsync(cancellation));
        }
    }

    private async Task<HashSet<string>> OpenTransactionsAsync(CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectWriters);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = table });
        var transactions = new HashSet<string>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            transactions.Add(row.GetString(0));
        return transactions;
    }
}
