using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Reactions;

/// <summary>
/// When a customer is deactivated, cancels its orders that are still placed. First the view must have seen it: from then on no order of this customer is taken. Those that were on their way are waited
/// for, and then looked for once more.
/// </summary>
internal sealed class CancelOrdersOfDeactivatedCustomers : Reactor
{
    public const string Name = "orders.cancel-orders-of-deactivated";

    private const string Reason = "customer deactivated";

    private readonly IPlacedOrders orders;
    private readonly ICustomerViewProgress view;

    public CancelOrdersOfDeactivatedCustomers(IPlacedOrders orders, ICustomerViewProgress view)
    {
        this.orders = orders;
        this.view = view;
        On<CustomerDeactivated>(CancelAsync);
    }

    private async Task CancelAsync(CustomerDeactivated deactivated, Reaction reaction, CancellationToken cancellation)
    {
        var deactivatedAt = reaction.Cause.OccurredAt;
        await view.HasSeen(reaction.Cause.Envelope, cancellation);
        await CancelAsync(deactivated.CustomerId, deactivatedAt, reaction, cancellation);
        await orders.WritersDone(cancellation);
        await CancelAsync(deactivated.CustomerId, deactivatedAt, reaction, cancellation);
    }

    private async Task CancelAsync(Guid customerId, DateTimeOffset deactivatedAt, Reaction reaction, CancellationToken cancellation)
    {
        while (await orders.LeftBehind(customerId, deactivatedAt, cancellation) is { Count: > 0 } found)
        {
            foreach (var order in found)
                await CancelAsync(order, reaction, cancellation);
        }
    }

    private static async Task CancelAsync(PlacedOrder order, Reaction reaction, CancellationToken cancellation)
    {
        // At this very version it is placed: one that is paid in the meantime is at another.
        var answer = await reaction.SendAsync(new CancelOrder(Reason) { OrderId = order.Id, ExpectedVersion = order.Version }, cancellation);
        if (answer.Error is { Kind: not (ErrorKind.Stale or ErrorKind.Conflict) } error)
            throw new InvalidOperationException($"The order {order.Id} was not cancelled: {error.Slug}: {error.Detail}");
    }
}
