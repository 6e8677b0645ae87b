using Monolith.BuildingBlocks.Projections.DuckDb.Tables;

namespace Monolith.Modules.Analytics.Infrastructure.Projections;

/// <summary>The tables of customers in DuckDB.</summary>
internal static class CustomerTables
{
    public const string Customers = "customers";
    public const string History = "customer_history";

    public static DuckDbTables<Guid, CustomerRow> All { get; } = new DuckDbTables<Guid, CustomerRow>(
            Customers,
            "customer_id",
            customer => customer.CustomerId,
            columns => columns
                .Text("username", customer => customer.Username)
                .Text("name", customer => customer.Name)
                .Text("status", customer => customer.Status)
                .Time("registered_at", customer => customer.RegisteredAt),
            (key, line) => new CustomerRow(key, line.Text(), line.Text(), line.Text(), line.Time(), Items<CustomerPeriod>.None))
        .With(
            History,
            customer => customer.History,
            columns => columns
                .Time("valid_from", period => period.Item.ValidFrom)
                .Time("valid_to", period => period.Item.ValidTo)
                .Text("name", period => period.Item.Name)
                .Text("status", period => period.Item.Status)
                .Text("username", period => period.Row.Username)
                .Time("registered_at", period => period.Row.RegisteredAt),
            line => new CustomerPeriod(line.Time(), line.TimeOrNull(), line.Text(), line.Text()),
            (customer, periods) => customer with { History = Items<CustomerPeriod>.Of(periods) },
            unchanged: (before, after) => before.History.Equals(after.History));
}
