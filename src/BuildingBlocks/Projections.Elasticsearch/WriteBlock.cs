using System.Globalization;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// Notes that a generation takes no writes for a moment because its successor is taking over, and until when that may last at most: whoever meets the block tells it from one of an operator, and lifts it
/// where the process that made it has ended.
/// </summary>
internal sealed class WriteBlock(ElasticsearchClient client, StoreNames names)
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(10);

    public async Task WriteAsync(int generation, CancellationToken cancellation)
    {
        var until = (client.Clock.GetUtcNow() + AtMost).ToUnixTimeMilliseconds();
        var body = string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"freeze\",\"until\":{until}}}");
        (await client.SendAsync(ElasticsearchRequest.Put(PathOf(generation), body), RetryPolicy.OfSteps, cancellation)).Required();
    }

    /// <summary>Whether the generation is frozen, and whether that has lasted too long; null where it is not.</summary>
    public async Task<bool?> HasExpiredAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Get(PathOf(generation)), RetryPolicy.OfSteps, cancellation);
        if (answer.Status == ElasticsearchResponse.Missing)
            return null;
        using var json = answer.Required().Json();
        return json.RootElement.GetProperty("_source").GetProperty("until").GetInt64() < client.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Delete(PathOf(generation)), RetryPolicy.OfSteps, cancellation);
        if (answer.Status != ElasticsearchResponse.Missing)
            answer.Required();
    }

    private string PathOf(int generation) => string.Create(CultureInfo.InvariantCulture, $"{names.Registry}/_doc/freeze-g{generation}");
}
