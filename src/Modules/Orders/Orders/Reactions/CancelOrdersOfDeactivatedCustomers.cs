using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Application;

namespace Monolith.Modules.Orders.Reactions;

/// <summary>
/// When a customer is deactivated, cancels its orders that are still placed. First the view must have seen it: from then on no order of this customer is taken. Those that were on their way are waited
/// for, and then looked for once more.
/// </summary>
internal sealed class CancelOrdersOfDeactivatedCustomers(IPlacedOrders orders, ICustomerViewProgress view) : IReactor
{
    public const string Name = "orders.cancel-orders-of-deactivated";

    private const string Reason = "customer deactivated";

    public async Task ReactAsync(Event happened, Reaction reaction, CancellationToken cancellation)
    {
        if (happened.Data is not CustomerDeactivated deactivated)
            return;

        await view.HasSeen(happened.Envelope, cancellation);
        await CancelAsync(deactivated.CustomerId, happened.OccurredAt, reaction, cancellation);
        await orders.WritersDone(cancellation);
        await CancelAsync(deactivated.CustomerId, happened.OccurredAt, reaction, cancellation);
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
