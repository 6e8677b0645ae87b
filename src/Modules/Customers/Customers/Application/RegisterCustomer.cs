using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Registers a customer under a unique username.</summary>
internal sealed record RegisterCustomer(string Username, string FirstName, string LastName, string Email) : ICommand<CustomerView>;

internal sealed class RegisterCustomerValidator : AbstractValidator<RegisterCustomer>
{
    public RegisterCustomerValidator()
    {
        RuleFor(c => c.Username).Follows(CustomerRules.Username);
        RuleFor(c => c.FirstName).Follows(CustomerRules.PersonName);
        RuleFor(c => c.LastName).Follows(CustomerRules.PersonName);
        RuleFor(c => c.Email).Follows(CustomerRules.Email);
    }
}

internal sealed class RegisterCustomerHandler(ICustomers customers, TimeProvider clock) : ICommandHandler<RegisterCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(RegisterCustomer command, CancellationToken cancellation)
    {
        // Avoids most failed commits. The unique index refuses the second of two concurrent registrations.
        if (await customers.HasUsername(command.Username, cancellation))
            return CustomerErrors.UsernameTaken(command.Username);

        var registered = Customer.Register(command.Username, command.FirstName, command.LastName, command.Email, clock.GetUtcNow());
        if (!registered.TryGet(out var customer, out var refusal))
            return refusal;

        customers.Add(customer);
        return CustomerView.Of(customer);
    }
}
