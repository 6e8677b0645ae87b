using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The orders as commands see them.</summary>
internal interface IOrders
{
    /// <summary>The order to change; refused where there is none, or where it is no longer at the version that the caller insists on.</summary>
    Task<Result<Order>> Load(Guid id, long? expectedVersion, CancellationToken cancellation);

    void Add(Order order);
}
