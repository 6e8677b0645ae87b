using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The orders as queries see them, with Orders' own view of their customers.</summary>
internal interface IOrderQueries
{
    /// <summary>One order, or null; an error where the snapshot is unknown.</summary>
    Task<Result<OrderView?>> Find(Guid id, string? snapshot, CancellationToken cancellation);

    /// <summary>A page of them; an error where the snapshot is unknown.</summary>
    Task<Result<Page<OrderView>>> List(ListOrders query, CancellationToken cancellation);
}
