using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Postgres;
using Monolith.BuildingBlocks.Projections;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;
using Npgsql;
using NpgsqlTypes;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Reads orders with their customers in one statement, from the two schemas that are Orders' own.</summary>
internal sealed class OrderQueries(
    [FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database,
    [FromKeyedServices(ReadModels.Customers)] IProjectionSnapshots snapshots)
    : IOrderQueries
{
    private const string Columns =
        """
        select o.id, o.status, o.customer_id, c.username, c.name, c.status, o.currency, o.total,
               o.delivery_address_street, o.delivery_address_postal_code, o.delivery_address_city, o.delivery_address_country,
               o.items, o.placed_at, o.changed_at, o.version
        from orders.orders o left join
        """;

    private const string OfTheOrder = "c on c.customer_id = o.customer_id";
    private const string Select = $"{Columns} orders_read.customers {OfTheOrder}";
    private const string One = "where o.id = $1";
    private const string SelectOne = $"{Select} {One}";

    public async Task<Result<OrderView?>> Find(Guid id, string? snapshot, CancellationToken cancellation) => snapshot is null
        ? await Find(SelectOne, id, cancellation)
        : await snapshots.ReadAsync(snapshot, rows => Find($"{SelectWith(rows)} {One}", id, cancellation), cancellation);

    public async Task<Result<Page<OrderView>>> List(ListOrders query, CancellationToken cancellation) => query.Snapshot is null
        ? await List(Select, query, cancellation)
        : await snapshots.ReadAsync(query.Snapshot, rows => List(SelectWith(rows), query, cancellation), cancellation);

    private static string SelectWith(string rows) => $"{Columns} {rows} {OfTheOrder}";

    private async Task<OrderView?> Find(string sql, Guid id, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Read(reader) : null;
    }

    private async Task<Page<OrderView>> List(string select, ListOrders query, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand();
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = query.Limit + 1 });
        var after = query.After ?? ListCursor.Start;
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = after.At, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = after.Id });
        var filter = "(o.placed_at, o.id) > ($2, $3)";
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

        command.CommandText = $"{select} where {filter} order by o.placed_at, o.id limit $1";
        var read = new List<OrderView>(query.Limit + 1);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            read.Add(Read(reader));
        return Page.Of(read, query.Limit, order => new ListCursor(order.PlacedAt, order.Id));
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
