using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>Notes that a paid order was handed to a carrier.</summary>
internal sealed record ShipOrder(string Carrier, string TrackingNumber) : ICommand<OrderView>, IConditional
{
    [JsonIgnore]
    public Guid OrderId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class ShipOrderValidator : AbstractValidator<ShipOrder>
{
    public ShipOrderValidator()
    {
        RuleFor(c => c.Carrier).Follows(OrderRules.Reference);
        RuleFor(c => c.TrackingNumber).Follows(OrderRules.Reference);
    }
}

internal sealed class ShipOrderHandler(IOrders orders, ICustomerDirectory customers, TimeProvider clock)
    : ICommandHandler<ShipOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(ShipOrder command, CancellationToken cancellation)
    {
        var found = await orders.Load(command.OrderId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var order, out var error))
            return error;

        if (order.Ship(command.Carrier, command.TrackingNumber, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return OrderView.Of(order, await customers.Find(order.CustomerId, cancellation));
    }
}
