using System.Text.Json;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;

/// <summary>What a search found; disposed of when its hits have been read.</summary>
public sealed class ElasticsearchHits : IDisposable
{
    private readonly JsonDocument answer;

    internal ElasticsearchHits(JsonDocument answer) => this.answer = answer;

    /// <summary>How many there are in all, as far as the request wanted them counted.</summary>
    public long Total => Found.TryGetProperty("total", out var total) ? total.GetProperty("value").GetInt64() : 0;

    /// <summary>The hits, best first.</summary>
    public IEnumerable<ElasticsearchHit> Hits => Found.GetProperty("hits").EnumerateArray().Select(hit => new ElasticsearchHit(hit));

    private JsonElement Found => answer.RootElement.GetProperty("hits");

    /// <inheritdoc />
    public void Dispose() => answer.Dispose();
}
