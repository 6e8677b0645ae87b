namespace Monolith.Modules.Orders.Application;

/// <summary>The order summaries as queries see them.</summary>
internal interface ISummaryQueries
{
    /// <summary>The summary of a customer, or null as long as Orders does not know the customer.</summary>
    Task<OrderSummary?> Find(Guid customerId, CancellationToken cancellation);
}
