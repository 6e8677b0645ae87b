using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Reactors;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Orders.Application;

/// <summary>
/// Cancels the placed orders of a customer that was deactivated. It first waits until Orders' own view of the customers shows the
/// deactivation: from then on no order of the customer is accepted. Then it waits for the transactions that began earlier, and looks for
/// their orders too.
/// </summary>
internal sealed class CancelOrdersOfDeactivatedCustomers : Reactor
{
    public const string Name = "orders.cancel-orders-of-deactivated";

    private const string Reason = "customer deactivated";

    private readonly IPlacedOrders orders;
    private readonly IReadModelGate gate;

    public CancelOrdersOfDeactivatedCustomers(IPlacedOrders orders, IReadModelGate gate)
    {
        this.orders = orders;
        this.gate = gate;
        On<CustomerDeactivated>(CancelAsync);
    }

    private async Task CancelAsync(CustomerDeactivated deactivated, Reaction reaction, CancellationToken cancellation)
    {
        var deactivatedAt = reaction.Cause.OccurredAt;
        await gate.WaitUntilAppliedAsync(ReadModels.Customers, reaction.Cause, cancellation);
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
        // The version that was placed: an order that is paid in the meantime has another one.
        var answer =
            await reaction.SendAsync(new CancelOrder(Reason) { OrderId = order.Id, ExpectedVersion = order.Version }, cancellation);
        if (answer.Error is { Kind: not (ErrorKind.Stale or ErrorKind.Conflict) } error)
            throw new InvalidOperationException($"The order {order.Id} was not cancelled: {error.Slug}: {error.Detail}");
    }
}
