using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;
using Monolith.Modules.Search.CustomerIndex;
using Monolith.Modules.Search.OrderIndex;

namespace Monolith.Modules.Search.Infrastructure;

/// <summary>How rows are kept beside their words.</summary>
[JsonSerializable(typeof(CustomerRow))]
[JsonSerializable(typeof(OrderRow))]
internal sealed partial class SearchRowsJson : JsonSerializerContext
{
    public static SearchRowsJson Web { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = PlainTextEncoder.Instance, Converters = { new UtcMicroseconds() } });
}
