using Monolith.BuildingBlocks.Events;

namespace Monolith.Modules.Orders.Application;

/// <summary>How far Orders' own view of the customers is.</summary>
internal interface ICustomerViewProgress
{
    /// <summary>Waits until the view that queries and commands read has applied an event, whichever host applies it.</summary>
    /// <param name="happened">An event of a customer.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="TimeoutException">The view stands still.</exception>
    Task HasSeen(LogRecord happened, CancellationToken cancellation);
}
