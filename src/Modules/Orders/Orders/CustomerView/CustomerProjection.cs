using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Orders.CustomerView;

/// <summary>What Orders needs to know of a customer to take an order.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public const string Name = "orders.customers";

    public override Guid? KeyOf(Event e) => (e.Data as ICustomerEvent)?.CustomerId;

    public override CustomerRow? Apply(CustomerRow? row, Event e) => e.Data switch
    {
        CustomerRegistered r => new(r.CustomerId, r.Username, $"{r.FirstName} {r.LastName}", CustomerStatus.Active),
        CustomerRenamed r => row! with { Name = $"{r.FirstName} {r.LastName}" },
        CustomerDeactivated => row! with { Status = CustomerStatus.Inactive },
        CustomerReactivated => row! with { Status = CustomerStatus.Active },
        _ => row,
    };
}
