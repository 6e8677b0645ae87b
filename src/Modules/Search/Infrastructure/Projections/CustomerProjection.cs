using Monolith.BuildingBlocks.Events;
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

    public override Guid? KeyOf(Event e) => (e.Data as ICustomerEvent)?.CustomerId;

    public override CustomerRow? Apply(CustomerRow? row, Event e) => e.Data switch
    {
        CustomerRegistered r => new(r.CustomerId, r.Username, r.FirstName, r.LastName, r.Email, CustomerStatus.Active, e.OccurredAt),
        CustomerRenamed r => row! with { FirstName = r.FirstName, LastName = r.LastName },
        CustomerEmailChanged c => row! with { Email = c.Email },
        CustomerDeactivated => row! with { Status = CustomerStatus.Inactive },
        CustomerReactivated => row! with { Status = CustomerStatus.Active },
        _ => row,
    };
}
