using FluentValidation;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Domain;

namespace Monolith.Modules.Customers.Application;

/// <summary>Registers a customer under a username that nobody else has.</summary>
internal sealed record RegisterCustomer(string Username, string FirstName, string LastName, string Email) : ICommand<CustomerView>;

internal sealed class RegisterCustomerValidator : AbstractValidator<RegisterCustomer>
{
    public RegisterCustomerValidator()
    {
        RuleFor(c => c.Username).Username();
        RuleFor(c => c.FirstName).PersonName();
        RuleFor(c => c.LastName).PersonName();
        RuleFor(c => c.Email).Email();
    }
}

internal sealed class RegisterCustomerHandler(ICustomers customers, TimeProvider clock) : ICommandHandler<RegisterCustomer, CustomerView>
{
    public async Task<Result<CustomerView>> Handle(RegisterCustomer command, CancellationToken cancellation)
    {
        // Spares most callers a failed commit; who comes at the same moment is refused by the unique index.
        if (await customers.HasUsername(command.Username, cancellation))
            return CustomerErrors.UsernameTaken(command.Username);

        var customer = Customer.Register(command.Username, command.FirstName, command.LastName, command.Email, clock.GetUtcNow());
        customers.Add(customer);
        return CustomerView.Of(customer);
    }
}
