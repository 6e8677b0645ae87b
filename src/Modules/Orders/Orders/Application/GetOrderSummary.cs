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
