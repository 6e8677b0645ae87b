using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>What Orders needs to know of a customer to take an order.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public CustomerProjection()
    {
        On<CustomerRegistered>(
            c => c.CustomerId, (c, _) => new(c.CustomerId, c.Username, $"{c.FirstName} {c.LastName}", CustomerStatus.Active));
        On<CustomerRenamed>(c => c.CustomerId, (c, row) => row with { Name = $"{c.FirstName} {c.LastName}" });
        On<CustomerDeactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Inactive });
        On<CustomerReactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Active });
    }
}

/// <summary>A customer as Orders knows it.</summary>
internal sealed record CustomerRow(Guid CustomerId, string Username, string Name, string Status);
