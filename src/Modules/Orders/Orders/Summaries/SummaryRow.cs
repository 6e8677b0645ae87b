namespace Monolith.Modules.Orders.Summaries;

/// <summary>What a customer ordered, in sum. Username, name and status are null as long as Orders has folded orders of the customer, but not the customer itself.</summary>
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
