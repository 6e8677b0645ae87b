using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>A customer has another name. Both parts are given, also where only one of them changed.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="FirstName">First name from now on.</param>
/// <param name="LastName">Last name from now on.</param>
[EventType("customer.renamed.v1")]
public sealed record CustomerRenamed(Guid CustomerId, [Personal] string FirstName, [Personal] string LastName) : ICustomerEvent;
