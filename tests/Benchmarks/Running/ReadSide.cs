using Npgsql;

namespace Monolith.Benchmarks.Running;

/// <summary>How far the host's projections are, as the host's own tables say.</summary>
internal static class ReadSide
{
    // Every projection reads the log of Customers, the summaries read that of Orders too. A projection that has not started yet has no
    // checkpoints, and is as far behind as can be.
    private const string BehindSql =
        """
        with log as (select 'customers.events' as log, partition, next_offset from customers.partitions union all select 'orders.events', partition, next_offset from orders.partitions),
            fed as (select * from (values ('orders.customers', 'customers.events'), ('orders.summaries', 'customers.events'), ('orders.summaries', 'orders.events')) as f (projection, log))
        select sum(log.next_offset - coalesce(c.next_offset, -1))::bigint from log join fed using (log) left join orders_read.checkpoints c using (projection, log, partition)
        """;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task<long> EventsBehindAsync(Database database, CancellationToken cancellation) =>
        await database.ScalarAsync<long>(BehindSql, cancellation);

    /// <summary>Waits until nothing is behind, so that one contestant's leftovers are not done in another's time.</summary>
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
            // The host makes its stores when it starts.
            return true;
        }
    }
}
