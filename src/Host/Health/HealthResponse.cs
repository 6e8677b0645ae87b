using System.Text.Json.Serialization;

namespace Monolith.Host.Health;

/// <summary>The health of the host and of each part of it: <c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</summary>
internal sealed record HealthResponse(string Status, IReadOnlyDictionary<string, HealthResponse.Check> Checks)
{
    /// <summary>The health of one part, and what is wrong with it.</summary>
    internal sealed record Check(string Status, string? Detail);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class HealthJson : JsonSerializerContext;
