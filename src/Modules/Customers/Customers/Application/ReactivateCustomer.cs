using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Makes an inactive customer active again. One that is active already stays as it is.</summary>
internal sealed record ReactivateCustomer(string Reason) : ICommand<CustomerView>, IConditional
{
    [JsonIgnore]
    public Guid CustomerId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class ReactivateCustomerValidator : AbstractValidator<ReactivateCustomer>
{
    public ReactivateCustomerValidator() => RuleFor(c => c.Reason).Follows(CustomerRules.Reason);
}

internal sealed class ReactivateCustomerHandler(ICustomers customers, TimeProvider clock)
    : ICommandHandler<ReactivateCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(ReactivateCustomer command, CancellationToken cancellation)
    {
        var found = await customers.Load(command.CustomerId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var customer, out var error))
            return error;

        if (customer.Reactivate(command.Reason, clock.GetUtcNow()) is { } refusal)
            return refusal;

        return CustomerView.Of(customer);
    }
}
