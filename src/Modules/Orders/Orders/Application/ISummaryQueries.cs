using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The order summaries as queries see them.</summary>
internal interface ISummaryQueries
{
    /// <summary>The summary of a customer, or null as long as Orders does not know the customer; an error where the snapshot is unknown.</summary>
    Task<Result<OrderSummary?>> Find(Guid customerId, string? snapshot, CancellationToken cancellation);
}
