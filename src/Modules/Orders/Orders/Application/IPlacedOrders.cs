namespace Monolith.Modules.Orders.Application;

/// <summary>Finds what a deactivated customer leaves behind.</summary>
internal interface IPlacedOrders
{
    /// <summary>
    /// Some of the customer's orders that are still <c>placed</c> and that its deactivation concerns: those placed up to then; and as long
    /// as the customer is inactive by Orders' own view, those placed later too, on a view that had not seen it yet.
    /// </summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="deactivatedAt">When it was deactivated.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PlacedOrder>> LeftBehind(Guid customerId, DateTimeOffset deactivatedAt, CancellationToken cancellation);

    /// <summary>Waits until every transaction that writes orders now has ended.</summary>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="TimeoutException">One has not for a long time.</exception>
    Task WritersDone(CancellationToken cancellation);
}

/// <summary>An order that was still <c>placed</c>, at the version at which it was.</summary>
internal readonly record struct PlacedOrder(Guid Id, long Version);
