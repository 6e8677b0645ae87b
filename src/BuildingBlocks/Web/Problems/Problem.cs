using System.Text.Json.Serialization;

namespace Monolith.BuildingBlocks.Web.Problems;

/// <summary>A refusal or failure as callers see it (RFC 9457).</summary>
/// <param name="Type"><c>urn:problem:</c> and the stable slug.</param>
/// <param name="Title">What kind of problem this is.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail)
{
    private const string TypePrefix = "urn:problem:";

    /// <summary>The stable name of this kind of problem.</summary>
    [JsonIgnore]
    public string Slug => Type[TypePrefix.Length..];

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>Finds the request in traces and logs.</summary>
    public string? TraceId { get; init; }

    /// <summary>When it is worth asking again; goes into the header <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The messages by the JSON path of the field.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    public static Problem New(int status, string slug, string title, string detail) => new(TypePrefix + slug, title, status, detail);
}
