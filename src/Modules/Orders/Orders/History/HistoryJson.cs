using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Orders.History;

/// <summary>How an order's history is written.</summary>
[JsonSerializable(typeof(OrderState))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static HistoryJson Web { get; } = new(EventJson.NewOptions());
}
