using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The orders as commands see them.</summary>
internal interface IOrders
{
    /// <summary>
    /// The order to change; refused where there is none, or where it is no longer at the version that the caller insists on.
    /// </summary>
    Task<Result<Order>> Load(Guid id, long? expectedVersion, CancellationToken cancellation);

    void Add(Order order);
}

/// <summary>The orders as queries see them, with Orders' own view of their customers.</summary>
internal interface IOrderQueries
{
    /// <summary>One order, or null; an error where the snapshot is unknown.</summary>
    Task<Result<OrderView?>> Find(Guid id, string? snapshot, CancellationToken cancellation);

    /// <summary>A page of them; an error where the snapshot is unknown.</summary>
    Task<Result<Page<OrderView>>> List(ListOrders query, CancellationToken cancellation);
}
