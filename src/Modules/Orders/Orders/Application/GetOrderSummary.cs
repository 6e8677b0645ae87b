using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>The order summary of one customer.</summary>
internal sealed record GetOrderSummary(Guid CustomerId) : IQuery<OrderSummary>;

internal sealed class GetOrderSummaryHandler(ISummaryQueries summaries) : IQueryHandler<GetOrderSummary, OrderSummary>
{
    public async Task<Result<OrderSummary>> Handle(GetOrderSummary query, CancellationToken cancellation) =>
        await summaries.Find(query.CustomerId, cancellation) is { } summary ? summary : OrderErrors.NoSummary(query.CustomerId);
}
