using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Customers.Contracts;

namespace Monolith.Modules.Customers.Domain;

/// <summary>Somebody who may place orders, known by a username that nobody else has.</summary>
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

    public static Customer Register(string username, string firstName, string lastName, string email, DateTimeOffset now)
    {
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

    /// <summary>A username as it is stored and compared.</summary>
    public static string Normalize(string username) => username.Trim().ToLowerInvariant();

    public void Rename(string firstName, string lastName, DateTimeOffset now)
    {
        var (first, last) = (firstName.Trim(), lastName.Trim());
        if (first == FirstName && last == LastName)
            return;

        (FirstName, LastName) = (first, last);
        Raise(new CustomerRenamed(Id, FirstName, LastName), now);
    }

    public void ChangeEmail(string email, DateTimeOffset now)
    {
        var address = email.Trim();
        if (address == Email)
            return;

        Email = address;
        Raise(new CustomerEmailChanged(Id, Email), now);
    }

    public void Deactivate(string reason, DateTimeOffset now)
    {
        if (Status == CustomerStatus.Inactive)
            return;

        Status = CustomerStatus.Inactive;
        Raise(new CustomerDeactivated(Id, reason.Trim()), now);
    }

    public void Reactivate(string reason, DateTimeOffset now)
    {
        if (Status == CustomerStatus.Active)
            return;

        Status = CustomerStatus.Active;
        Raise(new CustomerReactivated(Id, reason.Trim()), now);
    }
}
