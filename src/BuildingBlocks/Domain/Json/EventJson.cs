using System.Text.Json;

namespace Monolith.BuildingBlocks.Domain.Json;

/// <summary>
/// The JSON of events: camelCase, text without escapes, times in whole microseconds. It never changes, since logs and topics contain it.
/// </summary>
public static class EventJson
{
    /// <summary>Creates options for a JSON context. A context owns its options, so that each gets its own.</summary>
    public static JsonSerializerOptions NewOptions() => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = PlainTextEncoder.Instance,
        Converters = { new UtcMicroseconds() },
    };
}
