using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The result of a search; to be disposed after its hits have been read.</summary>
public sealed class ElasticsearchHits : IDisposable
{
    private readonly JsonDocument response;

    internal ElasticsearchHits(JsonDocument response) => this.response = response;

    /// <summary>The number of all hits, as far as the request tracks it.</summary>
    public long Total => Result.TryGetProperty("total", out var total) ? total.GetProperty("value").GetInt64() : 0;

    /// <summary>The hits, best first.</summary>
    public IEnumerable<ElasticsearchHit> Hits =>
        Result.GetProperty("hits").EnumerateArray().Select(hit => new ElasticsearchHit(hit));

    private JsonElement Result => response.RootElement.GetProperty("hits");

    /// <inheritdoc />
    public void Dispose() => response.Dispose();
}

/// <summary>A hit of a search.</summary>
public readonly struct ElasticsearchHit
{
    private readonly JsonElement hit;

    internal ElasticsearchHit(JsonElement hit) => this.hit = hit;

    /// <summary>The score; null if hits are sorted without scores.</summary>
    public double? Score =>
        hit.TryGetProperty("_score", out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : null;

    /// <summary>The key of the row, as text.</summary>
    public string Key => hit.GetProperty("_id").GetString()!;

    /// <summary>The row.</summary>
    /// <typeparam name="TRow">The row.</typeparam>
    /// <param name="json">The row's JSON.</param>
    public TRow Row<TRow>(JsonTypeInfo<TRow> json) => RowDocument.TryGetRow(hit.GetProperty("_source"), out var row)
        ? row.Deserialize(json)!
        : throw new InvalidOperationException(
            $"The row {Key} is deleted: search by fields of the mapping, or filter by {nameof(ElasticsearchFields.AllRows)}.");
}
