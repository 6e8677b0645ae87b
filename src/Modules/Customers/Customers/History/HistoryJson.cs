using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.Modules.Customers.History;

/// <summary>How a customer's history is written.</summary>
[JsonSerializable(typeof(CustomerState))]
internal sealed partial class HistoryJson : JsonSerializerContext
{
    public static HistoryJson Web { get; } = new(EventJson.NewOptions());
}
