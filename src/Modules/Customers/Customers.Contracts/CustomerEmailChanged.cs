using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>A customer has another e-mail address.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Email">The address from now on.</param>
[EventType("customer.email-changed.v1")]
public sealed record CustomerEmailChanged(Guid CustomerId, [Personal] string Email) : ICustomerEvent;
