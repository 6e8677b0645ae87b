using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Orders.Application;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Looks for orders in the state of the write side, which every commit changes at once.</summary>
internal sealed class PlacedOrders([FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database) : IPlacedOrders
{
    // One statement, one snapshot: an order that was placed after a reactivation is never seen without it.
    private const string SelectSome =
        """
        select o.id, o.version from orders.orders o join orders_read.customers c on c.customer_id = o.customer_id
        where o.customer_id = $1 and o.status = 'placed' and (o.placed_at <= $2 or c.status = 'inactive')
        order by o.placed_at, o.id limit 200
        """;

    // Whoever inserts takes this lock before the guard of the insert looks at the view, and keeps it to the end of the transaction. Each look at pg_locks is an instant in which all of them show.
    private const string SelectWriters =
        """
        select virtualtransaction from pg_locks
        where locktype = 'relation' and relation = 'orders.orders'::regclass and database = (select oid from pg_database where datname = current_database())
            and mode = 'RowExclusiveLock' and granted
        """;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(10);

    public async Task<IReadOnlyList<PlacedOrder>> LeftBehind(Guid customerId, DateTimeOffset deactivatedAt, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectSome);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = deactivatedAt, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var found = new List<PlacedOrder>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            found.Add(new PlacedOrder(row.GetGuid(0), row.GetInt64(1)));
        return found;
    }

    public async Task WritersDone(CancellationToken cancellation)
    {
        var open = await WritersAsync(cancellation);
        var since = TimeProvider.System.GetTimestamp();
        for (var pause = FirstPause; open.Count > 0; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (TimeProvider.System.GetElapsedTime(since) > WaitTimeout)
                throw new TimeoutException($"A transaction has been writing orders for more than {WaitTimeout.TotalSeconds:0} s.");
            await Task.Delay(pause, cancellation);
            open.IntersectWith(await WritersAsync(cancellation));
        }
    }

    private async Task<HashSet<string>> WritersAsync(CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectWriters);
        var writers = new HashSet<string>();
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            writers.Add(row.GetString(0));
        return writers;
    }
}
