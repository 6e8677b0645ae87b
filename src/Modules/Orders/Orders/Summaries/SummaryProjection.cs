using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Folds;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;
using Monolith.Modules.Orders.CustomerView;

namespace Monolith.Modules.Orders.Summaries;

/// <summary>
/// The order summary of each customer, from both logs. The order between the logs, and between partitions of one, does not matter: customer events and order events change different
/// fields, and what orders change are sums and a maximum.
/// </summary>
internal sealed class SummaryProjection : KeyedProjection<Guid, SummaryRow>
{
    public const string Name = "orders.summaries";

    public override Guid? KeyOf(Event e) => e.Data switch
    {
        ICustomerEvent c => c.CustomerId,
        IOrderEvent o => o.CustomerId,
        _ => null,
    };

    public override SummaryRow? Apply(SummaryRow? row, Event e) => e.Data switch
    {
        CustomerRegistered r => (row ?? SummaryRow.Empty(r.CustomerId)) with { Username = r.Username, Name = $"{r.FirstName} {r.LastName}", Status = CustomerStatus.Active },
        CustomerRenamed r => row! with { Name = $"{r.FirstName} {r.LastName}" },
        CustomerDeactivated => row! with { Status = CustomerStatus.Inactive },
        CustomerReactivated => row! with { Status = CustomerStatus.Active },
        OrderPlaced o => Placed(row ?? SummaryRow.Empty(o.CustomerId), o, e.OccurredAt),
        OrderShipped => row! with { Open = row.Open - 1, Shipped = row.Shipped + 1 },
        OrderCancelled o => row! with { Open = row.Open - 1, Cancelled = row.Cancelled + 1, Spent = row.Spent.Minus(o.Currency, o.Amount) },
        _ => row,
    };

    private static SummaryRow Placed(SummaryRow row, OrderPlaced order, DateTimeOffset at) => row with
    {
        Orders = row.Orders + 1,
        Open = row.Open + 1,
        Spent = row.Spent.Plus(order.Currency, order.Amount),
        LastOrderAt = row.LastOrderAt > at ? row.LastOrderAt : at,
    };
}
