using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

/// <summary>A response that is not a transient failure.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
internal sealed record ElasticsearchResponse(int Status, ReadOnlyMemory<byte> Body)
{
    public const int NotFound = 404;
    public const int Conflict = 409;
    public const int BadRequest = 400;
    public const int Forbidden = 403;
    public const int TooLarge = 413;

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Throws if the response is not a success.</summary>
    /// <exception cref="ElasticsearchException">The response is an error.</exception>
    public ElasticsearchResponse EnsureSuccess() => IsSuccess ? this : throw Failure();

    public JsonDocument Json() => JsonDocument.Parse(Body);

    /// <summary>The error of the response.</summary>
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
            return new ElasticsearchException(Status, "", $"Elasticsearch, or a proxy before it, answered with the status {Status}.");
        }
    }
}
