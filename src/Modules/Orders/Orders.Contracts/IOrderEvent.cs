using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>Something that happened to an order.</summary>
public interface IOrderEvent : IEvent
{
    /// <summary>The order, whose id is also the id of the stream.</summary>
    Guid OrderId { get; }

    /// <summary>The customer who placed it.</summary>
    Guid CustomerId { get; }
}
