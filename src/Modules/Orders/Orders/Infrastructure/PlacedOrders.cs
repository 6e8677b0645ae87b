using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Orders.Application;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Looks for orders in the state of the write side, which each commit changes at once.</summary>
internal sealed class PlacedOrders([FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database) : IPlacedOrders
{
    // One statement, one snapshot: an order that was placed after a reactivation is never seen without it.
    private const string SelectSome =
        """
        select o.id, o.version from orders.orders o join orders_read.customers c on c.customer_id = o.customer_id
        where o.customer_id = $1 and o.status = 'placed' and (o.placed_at <= $2 or c.status = 'inactive')
        order by o.placed_at, o.id limit 200
        """;

    private readonly TableWriters writers = new(database, "orders.orders");

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

    public Task WritersDone(CancellationToken cancellation) => writers.WaitForOpenTransactionsAsync(cancellation);
}
