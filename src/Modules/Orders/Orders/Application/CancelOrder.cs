using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>Cancels an order that is not shipped yet.</summary>
internal sealed record CancelOrder(string Reason) : ICommand<OrderView>, IConditional
{
    [JsonIgnore]
    public Guid OrderId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class CancelOrderValidator : AbstractValidator<CancelOrder>
{
    public CancelOrderValidator() => RuleFor(c => c.Reason).Follows(OrderRules.Reason);
}

internal sealed class CancelOrderHandler(IOrders orders, ICustomerDirectory customers, TimeProvider clock)
    : ICommandHandler<CancelOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(CancelOrder command, CancellationToken cancellation)
    {
        var found = await orders.Load(command.OrderId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var order, out var error))
            return error;

        if (order.Cancel(command.Reason, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return OrderView.Of(order, await customers.Find(order.CustomerId, cancellation));
    }
}
