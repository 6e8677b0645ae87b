using System.Globalization;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// Records that a promotion blocks writes to a generation, and when that expires. Writers distinguish the block from one that an operator
/// has set, and remove an expired block of a process that has ended.
/// </summary>
internal sealed class WriteBlock(ElasticsearchClient client, StoreNames names)
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(10);

    public async Task WriteAsync(int generation, CancellationToken cancellation)
    {
        var until = (client.Clock.GetUtcNow() + MaxDuration).ToUnixTimeMilliseconds();
        var body = string.Create(CultureInfo.InvariantCulture, $"{{\"kind\":\"freeze\",\"until\":{until}}}");
        var request = ElasticsearchRequest.Put(PathOf(generation), body);
        (await client.SendAsync(request, RetryPolicy.OfSteps, cancellation)).EnsureSuccess();
    }

    /// <summary>Whether the block of a generation has expired; null if there is none.</summary>
    public async Task<bool?> HasExpiredAsync(int generation, CancellationToken cancellation)
    {
        var response = await client.SendAsync(ElasticsearchRequest.Get(PathOf(generation)), RetryPolicy.OfSteps, cancellation);
        if (response.Status == ElasticsearchResponse.NotFound)
            return null;
        using var json = response.EnsureSuccess().Json();
        var until = json.RootElement.GetProperty("_source").GetProperty("until").GetInt64();
        return until < client.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        var response = await client.SendAsync(ElasticsearchRequest.Delete(PathOf(generation)), RetryPolicy.OfSteps, cancellation);
        if (response.Status != ElasticsearchResponse.NotFound)
            response.EnsureSuccess();
    }

    private string PathOf(int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{names.Registry}/_doc/freeze-g{generation}");
}
