using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>One order.</summary>
internal sealed record GetOrder(Guid OrderId) : IQuery<OrderView>;

internal sealed class GetOrderHandler(IOrderQueries orders) : IQueryHandler<GetOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(GetOrder query, CancellationToken cancellation) =>
        await orders.Find(query.OrderId, cancellation) is { } order ? order : OrderErrors.NotFound(query.OrderId);
}
