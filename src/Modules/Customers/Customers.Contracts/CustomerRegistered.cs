using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>A customer registered, and is active.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Username">The unique name, in lower case; it never changes.</param>
/// <param name="FirstName">First name.</param>
/// <param name="LastName">Last name.</param>
/// <param name="Email">E-mail address.</param>
[EventType("customer.registered.v1")]
public sealed record CustomerRegistered(
    Guid CustomerId, [Personal] string Username, [Personal] string FirstName, [Personal] string LastName, [Personal] string Email) : ICustomerEvent;
