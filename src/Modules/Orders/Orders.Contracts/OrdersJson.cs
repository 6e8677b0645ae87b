using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Orders.Contracts;

/// <summary>How the events of Orders are read and written.</summary>
[JsonSerializable(typeof(OrderPlaced))]
[JsonSerializable(typeof(OrderPaid))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderCancelled))]
public sealed partial class OrdersJson : JsonSerializerContext
{
    /// <summary>The context to use: an attribute cannot name an encoder, so the generated <c>Default</c> writes other bytes.</summary>
    public static OrdersJson Contracts { get; } = new(EventJson.NewOptions());
}
