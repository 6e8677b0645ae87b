using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The orders as commands see them.</summary>
internal interface IOrders
{
    /// <summary>
    /// The order to change; an error if there is none, or if it is not at the expected version.
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
