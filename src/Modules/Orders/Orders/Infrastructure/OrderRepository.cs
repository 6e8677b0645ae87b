using Microsoft.EntityFrameworkCore;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>Loads orders for commands, and keeps the new ones for the commit.</summary>
internal sealed class OrderRepository(OrdersDbContext context) : IOrders
{
    private static readonly Func<OrdersDbContext, Guid, CancellationToken, Task<Order?>> ById = EF.CompileAsyncQuery(
        (OrdersDbContext context, Guid id, CancellationToken _) => context.Orders.FirstOrDefault(order => order.Id == id));

    public async Task<Result<Order>> Load(Guid id, long? expectedVersion, CancellationToken cancellation)
    {
        var order = await ById(context, id, cancellation);
        if (order is null)
            return OrderErrors.NotFound(id);
        return expectedVersion is { } expected && expected != order.Version ? RequestErrors.Stale(expected) : order;
    }

    public void Add(Order order) => context.Orders.Add(order);
}
