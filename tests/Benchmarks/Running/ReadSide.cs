using Npgsql;

namespace Monolith.Benchmarks.Running;

/// <summary>The progress of the host's projections, from the host's tables.</summary>
internal static class ReadSide
{
    // Every projection reads the log of Customers, and the summaries also that of Orders. A projection that has not started has no
    // checkpoints, and lags by the whole log.
    private const string BehindSql =
        """
        with log as (select 'customers.events' as log, partition, next_offset from customers.partitions union all select 'orders.events', partition, next_offset from orders.partitions),
            fed as (select * from (values ('orders.customers', 'customers.events'), ('orders.summaries', 'customers.events'), ('orders.summaries', 'orders.events')) as f (projection, log))
        select sum(log.next_offset - coalesce(c.next_offset, -1))::bigint from log join fed using (log) left join orders_read.checkpoints c using (projection, log, partition)
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task<long> EventsBehindAsync(Database database, CancellationToken cancellation) =>
        await database.ScalarAsync<long>(BehindSql, cancellation);

    /// <summary>Waits until no projection lags, so that leftover work does not run during the next measurement.</summary>
    public static async Task DrainAsync(Database database, CancellationToken cancellation)
    {
        await using var connection = await database.OpenAsync(cancellation);
        await Until.HoldsAsync("no projection is behind", Poll, async () => !await IsBehindAsync(connection, cancellation), cancellation);
    }

    private static async Task<bool> IsBehindAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var behind = new NpgsqlCommand(BehindSql, connection);
            return (long)(await behind.ExecuteScalarAsync(cancellation))! > 0;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The host creates its stores at start.
            return true;
        }
    }
}
