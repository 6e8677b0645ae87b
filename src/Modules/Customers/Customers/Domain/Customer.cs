using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Customers.Domain;

/// <summary>A person who may place orders while active, with a unique username.</summary>
internal sealed class Customer : AggregateRoot
{
    private Customer()
    {
    }

    public string Username { get; private set; } = "";

    public string FirstName { get; private set; } = "";

    public string LastName { get; private set; } = "";

    public string Email { get; private set; } = "";

    public string Status { get; private set; } = CustomerStatus.Active;

    public DateTimeOffset RegisteredAt { get; private set; }

    public static Result<Customer> Register(string username, string firstName, string lastName, string email, DateTimeOffset now)
    {
        var faults = new FieldFaults()
            .Check("username", username, CustomerRules.Username)
            .Check("firstName", firstName, CustomerRules.PersonName)
            .Check("lastName", lastName, CustomerRules.PersonName)
            .Check("email", email, CustomerRules.Email);
        if (faults.Refusal is { } refusal)
            return refusal;

        var customer = new Customer
        {
            Id = Guid.CreateVersion7(now),
            Username = Normalize(username),
            FirstName = firstName.Trim(),
            LastName = lastName.Trim(),
            Email = email.Trim(),
        };
        customer.Raise(new CustomerRegistered(customer.Id, customer.Username, customer.FirstName, customer.LastName, customer.Email), now);
        customer.RegisteredAt = customer.ChangedAt;
        return customer;
    }

    /// <summary>Converts a username to the form in which it is stored and compared.</summary>
    public static string Normalize(string username) => username.Trim().ToLowerInvariant();

    public Error? Rename(string firstName, string lastName, DateTimeOffset now)
    {
        var (first, last) = (firstName.Trim(), lastName.Trim());
        if (first == FirstName && last == LastName)
            return null;

        // A name that stays as it is may be older than its rules.
        var faults = new FieldFaults();
        if (first != FirstName)
            faults = faults.Check("firstName", first, CustomerRules.PersonName);
        if (last != LastName)
            faults = faults.Check("lastName", last, CustomerRules.PersonName);
        if (faults.Refusal is { } refusal)
            return refusal;

        (FirstName, LastName) = (first, last);
        Raise(new CustomerRenamed(Id, FirstName, LastName), now);
        return null;
    }

    public Error? ChangeEmail(string email, DateTimeOffset now)
    {
        var address = email.Trim();
        if (address == Email)
            return null;
        if (new FieldFaults().Check("email", address, CustomerRules.Email).Refusal is { } refusal)
            return refusal;

        Email = address;
        Raise(new CustomerEmailChanged(Id, Email), now);
        return null;
    }

    public Error? Deactivate(string reason, DateTimeOffset now)
    {
        if (Status == CustomerStatus.Inactive)
            return null;
        if (ReasonRefusal(reason) is { } refusal)
            return refusal;

        Status = CustomerStatus.Inactive;
        Raise(new CustomerDeactivated(Id, reason.Trim()), now);
        return null;
    }

    public Error? Reactivate(string reason, DateTimeOffset now)
    {
        if (Status == CustomerStatus.Active)
            return null;
        if (ReasonRefusal(reason) is { } refusal)
            return refusal;

        Status = CustomerStatus.Active;
        Raise(new CustomerReactivated(Id, reason.Trim()), now);
        return null;
    }

    private static Error? ReasonRefusal(string reason) => new FieldFaults().Check("reason", reason, CustomerRules.Reason).Refusal;
}

/// <summary>Whether a customer may place new orders.</summary>
internal static class CustomerStatus
{
    public const string Active = "active";
    public const string Inactive = "inactive";
}

/// <summary>The refusals of Customers.</summary>
internal static class CustomerErrors
{
    public static Error NotFound(Guid id) =>
        new(ErrorKind.NotFound, "customer-not-found", "No such customer", $"There is no customer {id}.");

    public static Error UsernameTaken(string username) => new(
        ErrorKind.Conflict, "username-taken", "Username taken",
        $"Another customer has the username {Customer.Normalize(username)}. Choose another one.");
}
