using System.Text.Json;
using System.Text.Json.Serialization;
using Monolith.BuildingBlocks.Domain.Json;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>A problem document (RFC 9457).</summary>
/// <param name="Type"><c>urn:problem:</c> and the stable slug.</param>
/// <param name="Title">What kind of problem this is.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong with this request.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    private const string TypePrefix = "urn:problem:";

    [JsonIgnore]
    public string Slug => Type[TypePrefix.Length..];

    /// <summary>The path of the request.</summary>
    public string? Instance { get; init; }

    /// <summary>Identifies the request in traces and logs.</summary>
    public string? TraceId { get; init; }

    // Sent as the header Retry-After.
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The messages by the JSON path of the field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public static Problem New(int status, string slug, string title, string detail) => new(TypePrefix + slug, title, status, detail);
}

[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext
{
    public static ProblemJson Web { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = PlainTextEncoder.Instance,
    });
}
