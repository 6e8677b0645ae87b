using System.ComponentModel.DataAnnotations;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The order summary of one customer; from a snapshot where one is named.</summary>
internal sealed record GetOrderSummary(Guid CustomerId, string? Snapshot = null) : IQuery<OrderSummary>;

internal sealed class GetOrderSummaryHandler(ISummaryQueries summaries) : IQueryHandler<GetOrderSummary, OrderSummary>
{
    public async Task<Result<OrderSummary>> Handle(GetOrderSummary query, CancellationToken cancellation) =>
        !(await summaries.Find(query.CustomerId, query.Snapshot, cancellation)).TryGet(out var summary, out var error) ? error
        : summary is not null ? summary
        : OrderErrors.NoSummary(query.CustomerId);
}

/// <summary>What a customer ordered, in sum, as callers see it.</summary>
internal sealed record OrderSummary(
    Guid CustomerId,
    string Username,
    string Name,
    [property: AllowedValues(CustomerStatus.Active, CustomerStatus.Inactive)] string Status,
    int Orders,
    int Open,
    int Shipped,
    int Cancelled,
    IReadOnlyList<Money> Spent,
    DateTimeOffset? LastOrderAt);

/// <summary>An amount in a currency.</summary>
internal sealed record Money(string Currency, decimal Amount);

/// <summary>The order summaries as queries see them.</summary>
internal interface ISummaryQueries
{
    /// <summary>
    /// The summary of a customer, or null as long as Orders does not know the customer; an error where the snapshot is unknown.
    /// </summary>
    Task<Result<OrderSummary?>> Find(Guid customerId, string? snapshot, CancellationToken cancellation);
}
