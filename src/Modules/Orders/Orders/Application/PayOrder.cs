using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>Notes that a placed order was paid in full.</summary>
internal sealed record PayOrder(string Reference) : ICommand<OrderView>, IConditional
{
    [JsonIgnore]
    public Guid OrderId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class PayOrderValidator : AbstractValidator<PayOrder>
{
    public PayOrderValidator() => RuleFor(c => c.Reference).Follows(OrderRules.Reference);
}

internal sealed class PayOrderHandler(IOrders orders, ICustomerDirectory customers, TimeProvider clock)
    : ICommandHandler<PayOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(PayOrder command, CancellationToken cancellation)
    {
        var found = await orders.Load(command.OrderId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var order, out var error))
            return error;

        if (order.Pay(command.Reference, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return OrderView.Of(order, await customers.Find(order.CustomerId, cancellation));
    }
}
