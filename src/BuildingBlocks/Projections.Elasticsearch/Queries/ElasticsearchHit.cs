using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;

/// <summary>A document that was found.</summary>
public readonly struct ElasticsearchHit
{
    private readonly JsonElement hit;

    internal ElasticsearchHit(JsonElement hit) => this.hit = hit;

    /// <summary>Its score; null where hits are sorted without one.</summary>
    public double? Score => hit.TryGetProperty("_score", out var score) && score.ValueKind == JsonValueKind.Number ? score.GetDouble() : null;

    /// <summary>The key of its row, as text.</summary>
    public string Key => hit.GetProperty("_id").GetString()!;

    /// <summary>Its row.</summary>
    /// <typeparam name="TRow">The row.</typeparam>
    /// <param name="json">The row's JSON.</param>
    public TRow Row<TRow>(JsonTypeInfo<TRow> json) =>
        RowDocument.TryGetRow(hit.GetProperty("_source"), out var row) ? row.Deserialize(json)! : throw new InvalidOperationException($"The row {Key} is gone: search by fields of the mapping, or filter by {nameof(ElasticsearchFields.AllRows)}.");
}
