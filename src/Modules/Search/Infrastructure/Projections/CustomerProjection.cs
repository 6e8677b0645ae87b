using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Projections;

/// <summary>The rows of the customer index.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public const string Name = "search.customers";

    /// <summary>The version of the documents: a change of fold, fields or character folding requires a new one.</summary>
    public const int Version = 1;

    public CustomerProjection()
    {
        On<CustomerRegistered>(c => c.CustomerId, (c, _, e) =>
            new(c.CustomerId, c.Username, c.FirstName, c.LastName, c.Email, CustomerStatus.Active, e.OccurredAt));
        On<CustomerRenamed>(c => c.CustomerId, (c, row) => row with { FirstName = c.FirstName, LastName = c.LastName });
        On<CustomerEmailChanged>(c => c.CustomerId, (c, row) => row with { Email = c.Email });
        On<CustomerDeactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Inactive });
        On<CustomerReactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Active });
    }
}
