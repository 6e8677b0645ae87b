using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>An inactive customer became active again.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Reason">Why, in the words of whoever did it.</param>
[EventType("customer.reactivated.v1")]
public sealed record CustomerReactivated(Guid CustomerId, [Personal] string Reason) : ICustomerEvent;
