using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>An answer that will not be another one a moment later.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">What it says.</param>
internal sealed record ElasticsearchResponse(int Status, ReadOnlyMemory<byte> Body)
{
    public const int Missing = 404;
    public const int Conflict = 409;
    public const int Refused = 400;
    public const int Forbidden = 403;
    public const int TooLarge = 413;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The answer, where it is a success.</summary>
    /// <exception cref="ElasticsearchException">It is not.</exception>
    public ElasticsearchResponse Required() => IsSuccess ? this : throw Failure();

    public JsonDocument Json() => JsonDocument.Parse(Body);

    /// <summary>What it says is wrong.</summary>
    public ElasticsearchException Failure()
    {
        try
        {
            using var json = Json();
            return json.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                ? ElasticsearchException.Of(Status, error)
                : new ElasticsearchException(Status, "", $"Elasticsearch answered with the status {Status}.");
        }
        catch (JsonException)
        {
            return new ElasticsearchException(Status, "", $"Elasticsearch, or what stands before it, answered with the status {Status}.");
        }
    }
}
