using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Makes a customer inactive, so that it places no new orders. One that is inactive already stays as it is.</summary>
internal sealed record DeactivateCustomer(string Reason) : ICommand<CustomerView>, IConditional
{
    [JsonIgnore]
    public Guid CustomerId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class DeactivateCustomerValidator : AbstractValidator<DeactivateCustomer>
{
    public DeactivateCustomerValidator() => RuleFor(c => c.Reason).Follows(CustomerRules.Reason);
}

internal sealed class DeactivateCustomerHandler(ICustomers customers, TimeProvider clock)
    : ICommandHandler<DeactivateCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(DeactivateCustomer command, CancellationToken cancellation)
    {
        var found = await customers.Load(command.CustomerId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var customer, out var error))
            return error;

        if (customer.Deactivate(command.Reason, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return CustomerView.Of(customer);
    }
}
