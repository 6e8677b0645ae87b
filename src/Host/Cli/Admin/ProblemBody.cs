using System.Text.Json.Serialization;

namespace Monolith.Host.Cli.Admin;

/// <summary>What a verb reads of a problem document.</summary>
internal sealed record ProblemBody(string? Detail, Dictionary<string, string[]>? Errors)
{
    /// <summary>The detail, with the fields where single ones are wrong.</summary>
    public string Line() => string.Join(' ', (Errors ?? []).Select(field => $"{field.Key}: {string.Join(' ', field.Value)}").Prepend(Detail ?? "Refused."));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemBodyJson : JsonSerializerContext;
