using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.BuildingBlocks.Admin.Streams;

[JsonSerializable(typeof(StreamBody))]
[JsonSerializable(typeof(StreamDiffBody))]
internal sealed partial class StreamsJson : JsonSerializerContext
{
    public static StreamsJson Web { get; } = new(EventJson.NewOptions());
}
