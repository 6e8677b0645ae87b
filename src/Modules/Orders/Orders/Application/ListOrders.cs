using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>
/// Orders by the time at which they were placed, oldest first, then by id: a page of all, of one customer, in one status; their customers
/// from a snapshot where one is named.
/// </summary>
internal sealed record ListOrders(int Limit, ListCursor? After, Guid? CustomerId, string? Status, string? Snapshot = null)
    : IQuery<Page<OrderView>>;

internal sealed class ListOrdersValidator : AbstractValidator<ListOrders>
{
    public ListOrdersValidator()
    {
        RuleFor(q => q.Limit).PageLimit();
        RuleFor(q => q.Status).OneOf(OrderStatus.All);
    }
}

internal sealed class ListOrdersHandler(IOrderQueries orders) : IQueryHandler<ListOrders, Page<OrderView>>
{
    public async Task<Result<Page<OrderView>>> Handle(ListOrders query, CancellationToken cancellation) =>
        await orders.List(query, cancellation);
}
