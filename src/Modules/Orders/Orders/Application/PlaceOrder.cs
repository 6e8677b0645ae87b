using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Application;

/// <summary>Places an order for an active customer. The total is computed here, never taken.</summary>
internal sealed record PlaceOrder(Guid CustomerId, string Currency, Address DeliveryAddress, IReadOnlyList<PlaceOrder.Item> Items) : ICommand<OrderView>
{
    /// <summary>A line as it is asked for; a price that is missing is not a price of 0.</summary>
    internal sealed record Item(string ProductId, string Name, int Quantity, decimal? UnitPrice);
}

internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
{
    public PlaceOrderValidator()
    {
        RuleFor(c => c.CustomerId).NotEmpty().WithMessage("Is required.");
        RuleFor(c => c.Currency).CurrencyCode();
        RuleFor(c => c.DeliveryAddress).NotNull().WithMessage("Is required.").SetValidator(new AddressValidator());
        RuleFor(c => c.Items).ItemCount();
        RuleForEach(c => c.Items).NotNull().WithMessage("Must be an item.").SetValidator(new ItemValidator()).Custom(InMinorUnits).When(c => c.Items is { Count: <= OrderRules.MostItems });
    }

    private static void InMinorUnits(PlaceOrder.Item? item, ValidationContext<PlaceOrder> context)
    {
        if (Currency.Find(context.InstanceToValidate.Currency?.Trim()) is { } currency && item?.UnitPrice is { } price && !currency.CanExpress(price))
            context.AddFailure(nameof(item.UnitPrice), $"Must have at most {currency.MinorDigits} digits behind the point in {currency.Code}.");
    }

    private sealed class AddressValidator : AbstractValidator<Address>
    {
        public AddressValidator()
        {
            RuleFor(a => a.Street).Street();
            RuleFor(a => a.PostalCode).PostalCode().When(a => MustHavePostalCode(a) || !PlainText.IsBlank(a.PostalCode));
            RuleFor(a => a.City).City();
            RuleFor(a => a.Country).CountryCode();
        }

        private static bool MustHavePostalCode(Address address) =>
            address.Country is null || Country.NeedsPostalCode(address.Country.Trim());
    }

    private sealed class ItemValidator : AbstractValidator<PlaceOrder.Item>
    {
        public ItemValidator()
        {
            RuleFor(i => i.ProductId).ProductId();
            RuleFor(i => i.Name).ItemName();
            RuleFor(i => i.Quantity).Quantity();
            RuleFor(i => i.UnitPrice).UnitPrice();
        }
    }
}

internal sealed class PlaceOrderHandler(IOrders orders, ICustomerDirectory customers, TimeProvider clock) : ICommandHandler<PlaceOrder, OrderView>
{
    public async Task<Result<OrderView>> Handle(PlaceOrder command, CancellationToken cancellation)
    {
        var customer = await customers.Find(command.CustomerId, cancellation);
        if (!customer.IsKnown)
            return OrderErrors.CustomerUnknown(command.CustomerId);
        if (!customer.IsActive)
            return OrderErrors.CustomerInactive(command.CustomerId);

        var items = command.Items.Select(item => new OrderItem(item.ProductId, item.Name, item.Quantity, item.UnitPrice!.Value));
        var address = command.DeliveryAddress;
        if (PlainText.IsBlank(address.PostalCode))
            address = address with { PostalCode = "" };
        var order = Order.Place(command.CustomerId, Currency.Find(command.Currency.Trim())!, address, items, clock.GetUtcNow());
        orders.Add(order);
        return OrderView.Of(order, customer);
    }
}
