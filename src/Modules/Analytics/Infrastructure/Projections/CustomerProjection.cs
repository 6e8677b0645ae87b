using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>The customer dimension with its history: orders can be joined with the customer at that time or with the current one.</summary>
internal sealed class CustomerProjection : KeyedProjection<Guid, CustomerRow>
{
    public const string Name = "analytics.customers";

    private const string Active = "active";
    private const string Inactive = "inactive";

    public override Guid? KeyOf(Event e) => (e.Data as ICustomerEvent)?.CustomerId;

    public override CustomerRow? Apply(CustomerRow? row, Event e) => e.Data switch
    {
        CustomerRegistered r => new CustomerRow(
            r.CustomerId, r.Username, NameOf(r.FirstName, r.LastName), Active, e.OccurredAt, Items<CustomerPeriod>.Of([new CustomerPeriod(e.OccurredAt, null, NameOf(r.FirstName, r.LastName), Active)])),
        CustomerRenamed r => From(row!, e.OccurredAt, NameOf(r.FirstName, r.LastName), row!.Status),
        CustomerDeactivated => From(row!, e.OccurredAt, row!.Name, Inactive),
        CustomerReactivated => From(row!, e.OccurredAt, row!.Name, Active),
        _ => row,
    };

    private static CustomerRow From(CustomerRow row, DateTimeOffset time, string name, string status) => row with
    {
        Name = name,
        Status = status,
        History = row.History.With(row.History[^1] with { ValidTo = time }, new CustomerPeriod(time, null, name, status)),
    };

    private static string NameOf(string first, string last) => $"{first} {last}";
}
