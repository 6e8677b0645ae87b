using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Orders.CustomerView;

/// <summary>What Orders needs to know of a customer to take an order.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public const string Name = "orders.customers";

    public CustomerProjection()
    {
        On<CustomerRegistered>(c => c.CustomerId, (c, _) => new(c.CustomerId, c.Username, $"{c.FirstName} {c.LastName}", CustomerStatus.Active));
        On<CustomerRenamed>(c => c.CustomerId, (c, row) => row with { Name = $"{c.FirstName} {c.LastName}" });
        On<CustomerDeactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Inactive });
        On<CustomerReactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Active });
    }
}
