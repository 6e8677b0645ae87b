using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Customers.Contracts;

/// <summary>Something that happened to a customer.</summary>
public interface ICustomerEvent : IEvent
{
    /// <summary>The customer, whose id is also the id of the stream.</summary>
    Guid CustomerId { get; }
}
