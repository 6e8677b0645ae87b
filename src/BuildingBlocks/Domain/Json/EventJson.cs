using System.Text.Json;

namespace Monolith.BuildingBlocks.Domain.Json;

/// <summary>How events are written: camelCase, text as text, times in whole microseconds. Log, topic and every reader see these bytes, so this never changes.</summary>
public static class EventJson
{
    /// <summary>Options for the JSON context of one module's Contracts; a context takes them over, so each gets its own.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = PlainTextEncoder.Instance,
        Converters = { new UtcMicroseconds() },
    };
}
