using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Postgres;
using Monolith.Modules.Orders.Application;
using Npgsql;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Looks customers up in Orders' own view of them.</summary>
internal sealed class CustomerDirectory([FromKeyedServices(OrdersModule.ModuleName)] ModuleDatabase database) : ICustomerDirectory
{
    private const string SelectOne = "select username, name, status from orders_read.customers where customer_id = $1";

    public async Task<OrderCustomer> Find(Guid customerId, CancellationToken cancellation)
    {
        await using var command = database.App.CreateCommand(SelectOne);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = customerId });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        return await row.ReadAsync(cancellation)
            ? new OrderCustomer(customerId, row.GetString(0), row.GetString(1), row.GetString(2))
            : new OrderCustomer(customerId, null, null, null);
    }
}
