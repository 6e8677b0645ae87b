using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>Places an order for an active customer. The total is computed here, never read from the request.</summary>
internal sealed record PlaceOrder(Guid CustomerId, string Currency, Address DeliveryAddress, IReadOnlyList<PlaceOrder.Item> Items)
    : ICommand<OrderView>
{
    /// <summary>A line of the request; a missing price is not a price of 0.</summary>
    internal sealed record Item(string ProductId, string Name, int Quantity, decimal? UnitPrice);
}

internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
{
    public PlaceOrderValidator()
    {
        RuleFor(c => c.CustomerId).Follows(OrderRules.CustomerId);
        RuleFor(c => c.Currency).Follows(OrderRules.Currency);
        RuleFor(c => c.DeliveryAddress).NotNull().WithMessage("Is required.").SetValidator(new AddressValidator());
        RuleFor(c => c.Items).Follows(OrderRules.Items);
        RuleForEach(c => c.Items).NotNull().WithMessage("Must be an item.")
            .SetValidator(new ItemValidator())
            .Custom(InMinorUnits)
            .When(c => c.Items is { Count: <= OrderRules.MaxItems });
    }

    private static void InMinorUnits(PlaceOrder.Item? item, ValidationContext<PlaceOrder> context)
    {
        var currency = Currency.Find(context.InstanceToValidate.Currency?.Trim());
        if (item?.UnitPrice is { } price && currency?.Fault(price) is { } fault)
            context.AddFailure(nameof(item.UnitPrice), fault);
    }

    private sealed class AddressValidator : AbstractValidator<Address>
    {
        public AddressValidator()
        {
            RuleFor(a => a.Street).Follows(OrderRules.Street);
            RuleFor(a => a.PostalCode).Follows(OrderRules.PostalCode).When(a => a.MustCheckPostalCode());
            RuleFor(a => a.City).Follows(OrderRules.City);
            RuleFor(a => a.Country).Follows(OrderRules.Country);
        }
    }

    private sealed class ItemValidator : AbstractValidator<PlaceOrder.Item>
    {
        public ItemValidator()
        {
            RuleFor(i => i.ProductId).Follows(OrderRules.ProductId);
            RuleFor(i => i.Name).Follows(OrderRules.ItemName);
            RuleFor(i => i.Quantity).Follows(OrderRules.Quantity);
            RuleFor(i => i.UnitPrice).Follows(OrderRules.UnitPrice);
        }
    }
}

internal sealed class PlaceOrderHandler(IOrders orders, ICustomerDirectory customers, TimeProvider clock)
    : ICommandHandler<PlaceOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(PlaceOrder command, CancellationToken cancellation)
    {
        var customer = await customers.Find(command.CustomerId, cancellation);
        if (!customer.IsKnown)
            return OrderErrors.CustomerUnknown(command.CustomerId);
        if (!customer.IsActive)
            return OrderErrors.CustomerInactive(command.CustomerId);

        var currency = Currency.Find(command.Currency.Trim())!;
        OrderItem[] items =
            [.. command.Items.Select(item => new OrderItem(item.ProductId, item.Name, item.Quantity, item.UnitPrice!.Value))];
        if (!Order.Place(command.CustomerId, currency, command.DeliveryAddress, items, clock.GetUtcNow())
            .TryGet(out var order, out var refusal))
            return refusal;

        orders.Add(order);
        return OrderView.Of(order, customer);
    }
}
