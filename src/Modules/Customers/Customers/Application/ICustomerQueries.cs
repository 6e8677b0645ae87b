using Monolith.BuildingBlocks.Application;

namespace Monolith.Modules.Customers.Application;

/// <summary>The customers as queries see them.</summary>
internal interface ICustomerQueries
{
    Task<CustomerView?> Find(Guid id, CancellationToken cancellation);

    Task<Page<CustomerView>> List(ListCustomers query, CancellationToken cancellation);
}
