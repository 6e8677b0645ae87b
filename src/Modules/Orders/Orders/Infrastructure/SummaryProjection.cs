using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Application;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>
/// The order summary of each customer, from both logs. The order between the logs, and between partitions of one, does not matter: customer
/// events and order events change different fields, and what orders change are sums and a maximum.
/// </summary>
internal sealed class SummaryProjection : KeyedProjection<Guid, SummaryRow>
{
    public SummaryProjection()
    {
        On<CustomerRegistered>(c => c.CustomerId, (c, row) => (row ?? SummaryRow.Empty(c.CustomerId)) with
        {
            Username = c.Username,
            Name = $"{c.FirstName} {c.LastName}",
            Status = CustomerStatus.Active,
        });
        On<CustomerRenamed>(c => c.CustomerId, (c, row) => row with { Name = $"{c.FirstName} {c.LastName}" });
        On<CustomerDeactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Inactive });
        On<CustomerReactivated>(c => c.CustomerId, (_, row) => row with { Status = CustomerStatus.Active });

        On<OrderPlaced>(o => o.CustomerId, (o, row, e) => Placed(row ?? SummaryRow.Empty(o.CustomerId), o, e.OccurredAt));
        On<OrderShipped>(o => o.CustomerId, (_, row) => row with { Open = row.Open - 1, Shipped = row.Shipped + 1 });
        On<OrderCancelled>(o => o.CustomerId, (o, row) =>
            row with { Open = row.Open - 1, Cancelled = row.Cancelled + 1, Spent = row.Spent.Minus(o.Currency, o.Amount) });
    }

    private static SummaryRow Placed(SummaryRow row, OrderPlaced order, DateTimeOffset at) => row with
    {
        Orders = row.Orders + 1,
        Open = row.Open + 1,
        Spent = row.Spent.Plus(order.Currency, order.Amount),
        LastOrderAt = row.LastOrderAt > at ? row.LastOrderAt : at,
    };
}

/// <summary>
/// What a customer ordered, in sum. Username, name and status are null as long as Orders has folded orders of the customer, but not the
/// customer itself.
/// </summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Username">The customer's username.</param>
/// <param name="Name">First and last name.</param>
/// <param name="Status">Whether the customer may place orders.</param>
/// <param name="Orders">All orders.</param>
/// <param name="Open">Those that are placed or paid.</param>
/// <param name="Shipped">Those that are shipped.</param>
/// <param name="Cancelled">Those that are cancelled.</param>
/// <param name="Spent">Totals of those that are not cancelled.</param>
/// <param name="LastOrderAt">When the last one was placed.</param>
internal sealed record SummaryRow(
    Guid CustomerId,
    string? Username,
    string? Name,
    string? Status,
    int Orders,
    int Open,
    int Shipped,
    int Cancelled,
    Spending Spent,
    DateTimeOffset? LastOrderAt)
{
    public static SummaryRow Empty(Guid customerId) => new(customerId, null, null, null, 0, 0, 0, 0, Spending.None, null);
}
