using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.Modules.Orders.Domain;

namespace Monolith.Modules.Orders.Infrastructure;

/// <summary>How an order's items are kept in their column.</summary>
[JsonSerializable(typeof(IReadOnlyList<OrderItem>))]
internal sealed partial class OrderItemsJson : JsonSerializerContext
{
    private static OrderItemsJson Column { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = PlainTextEncoder.Instance });

    public static string Write(IReadOnlyList<OrderItem> items) => JsonSerializer.Serialize(items, Column.IReadOnlyListOrderItem);

    public static IReadOnlyList<OrderItem> Read(string json) => JsonSerializer.Deserialize(json, Column.IReadOnlyListOrderItem)!;
}
