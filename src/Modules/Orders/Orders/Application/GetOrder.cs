using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>One order; its customer from a snapshot of Orders' own view where one is named.</summary>
internal sealed record GetOrder(Guid OrderId, string? Snapshot = null) : IQuery<OrderView>;

internal sealed class GetOrderHandler(IOrderQueries orders) : IQueryHandler<GetOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(GetOrder query, CancellationToken cancellation) =>
        !(await orders.Find(query.OrderId, query.Snapshot, cancellation)).TryGet(out var order, out var error) ? error
        : order is not null ? order
        : OrderErrors.NotFound(query.OrderId);
}
