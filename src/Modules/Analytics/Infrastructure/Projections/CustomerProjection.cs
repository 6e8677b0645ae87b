using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>The customer dimension with its history: orders can be joined with the customer at that time or with the current one.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public const string Name = "analytics.customers";

    private const string Active = "active";
    private const string Inactive = "inactive";

    public CustomerProjection()
    {
        On<CustomerRegistered>(c => c.CustomerId, (c, _, e) => Registered(c, e.OccurredAt));
        On<CustomerRenamed>(c => c.CustomerId, (c, row, e) => From(row, e.OccurredAt, NameOf(c.FirstName, c.LastName), row.Status));
        On<CustomerDeactivated>(c => c.CustomerId, (_, row, e) => From(row, e.OccurredAt, row.Name, Inactive));
        On<CustomerReactivated>(c => c.CustomerId, (_, row, e) => From(row, e.OccurredAt, row.Name, Active));
    }

    private static CustomerRow Registered(CustomerRegistered customer, DateTimeOffset time)
    {
        var name = NameOf(customer.FirstName, customer.LastName);
        var history = Items<CustomerPeriod>.Of([new CustomerPeriod(time, null, name, Active)]);
        return new CustomerRow(customer.CustomerId, customer.Username, name, Active, time, history);
    }

    private static CustomerRow From(CustomerRow row, DateTimeOffset time, string name, string status) => row with
    {
        Name = name,
        Status = status,
        History = row.History.With(row.History[^1] with { ValidTo = time }, new CustomerPeriod(time, null, name, status)),
    };

    private static string NameOf(string first, string last) => $"{first} {last}";
}
