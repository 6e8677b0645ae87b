using System.Text.Json.Serialization;
using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Changes a customer's name or address. A field that is absent or null stays as it is.</summary>
internal sealed record ChangeCustomer(string? FirstName, string? LastName, string? Email) : ICommand<CustomerView>, IConditional
{
    [JsonIgnore]
    public Guid CustomerId { get; init; }

    [JsonIgnore]
    public long? ExpectedVersion { get; init; }
}

internal sealed class ChangeCustomerValidator : AbstractValidator<ChangeCustomer>
{
    public ChangeCustomerValidator()
    {
        RuleFor(c => c.FirstName).Follows(CustomerRules.PersonName).When(c => c.FirstName is not null);
        RuleFor(c => c.LastName).Follows(CustomerRules.PersonName).When(c => c.LastName is not null);
        RuleFor(c => c.Email).Follows(CustomerRules.Email).When(c => c.Email is not null);
    }
}

internal sealed class ChangeCustomerHandler(ICustomers customers, TimeProvider clock) : ICommandHandler<ChangeCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(ChangeCustomer command, CancellationToken cancellation)
    {
        var found = await customers.Load(command.CustomerId, command.ExpectedVersion, cancellation);
        if (!found.TryGet(out var customer, out var error))
            return error;

        var now = clock.GetUtcNow();
        var refusal = customer.Rename(command.FirstName ?? customer.FirstName, command.LastName ?? customer.LastName, now)
            ?? customer.ChangeEmail(command.Email ?? customer.Email, now);
        if (refusal is not null)
            return refusal;

        return CustomerView.Of(customer);
    }
}
