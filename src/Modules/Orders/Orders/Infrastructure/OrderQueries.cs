using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;
using Npgsql;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Reads orders with their customers in one statement, from the two schemas that are Orders' own.</summary>
internal sealed class OrderQueries([FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database) : IOrderQueries
{
    private const string Select =
        """
        select o.id, o.status, o.customer_id, c.username, c.name, c.status, o.currency, o.total,
               o.delivery_address_street, o.delivery_address_postal_code, o.delivery_address_city, o.delivery_address_country,
               o.items, o.placed_at, o.changed_at, o.version
        from orders.orders o left join orders_read.customers c on c.customer_id = o.customer_id
        """;

    private const string SelectOne = $"{Select} where o.id = $1";

    public async Task<OrderView?> Find(Guid id, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectOne);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    public async Task<Page<OrderView>> List(ListOrders query, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit + 1 });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = query.After ?? Guid.Empty });
        var filter = "o.id > $2";
        if (query.CustomerId is { } customerId)
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
            filter += $" and o.customer_id = ${command.Parameters.Count}";
        }

        if (query.Status is { } status)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
            filter += $" and o.status = ${command.Parameters.Count}";
        }

        command.CommandText = $"{Select} where {filter} order by o.id limit $1";
        var read = new List<OrderView>(query.Limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            read.Add(Read(reader));
        return Page.Of(read, query.Limit, order => order.Id);
    }

    private static OrderView Read(NpgsqlDataReader row) => new(
        Id: row.GetGuid(0),
        Status: row.GetString(1),
        Customer: new OrderCustomer(row.GetGuid(2), Text(row, 3), Text(row, 4), Text(row, 5)),
        Currency: row.GetString(6),
        Total: row.GetDecimal(7),
        DeliveryAddress: new Address(row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11)),
        Items: OrderItemsJson.Read(row.GetString(12)),
        PlacedAt: row.GetFieldValue<DateTimeOffset>(13),
        ChangedAt: row.GetFieldValue<DateTimeOffset>(14),
        Version: row.GetInt64(15));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
