using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>An active customer became inactive: it places no new orders.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Reason">Why, in the words of whoever did it.</param>
[EventType("customer.deactivated.v1")]
public sealed record CustomerDeactivated(Guid CustomerId, [Personal] string Reason) : ICustomerEvent;
