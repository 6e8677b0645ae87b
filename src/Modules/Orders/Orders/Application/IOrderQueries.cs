using Monolith.BuildingBlocks.Cqrs;

namespace Monolith.Modules.Orders.Application;

/// <summary>The orders as queries see them, with Orders' own view of their customers.</summary>
internal interface IOrderQueries
{
    Task<OrderView?> Find(Guid id, CancellationToken cancellation);

    Task<Page<OrderView>> List(ListOrders query, CancellationToken cancellation);
}
