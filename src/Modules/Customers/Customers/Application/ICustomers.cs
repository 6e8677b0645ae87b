using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>The customers as commands see them.</summary>
internal interface ICustomers
{
    /// <summary>
    /// The customer to change; an error if there is none, or if it is not at the expected version.
    /// </summary>
    Task<Result<Customer>> Load(Guid id, long? expectedVersion, CancellationToken cancellation);

    Task<bool> HasUsername(string username, CancellationToken cancellation);

    void Add(Customer customer);
}

/// <summary>The customers as queries see them.</summary>
internal interface ICustomerQueries
{
    Task<CustomerView?> Find(Guid id, CancellationToken cancellation);

    Task<Page<CustomerView>> List(ListCustomers query, CancellationToken cancellation);
}
