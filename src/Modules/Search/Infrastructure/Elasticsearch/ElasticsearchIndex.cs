using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Elasticsearch;

/// <summary>An index of Elasticsearch, which all hosts share.</summary>
internal sealed class ElasticsearchIndex<TRow>(IElasticsearchIndex index, JsonTypeInfo<TRow> json, Func<TRow, Guid> id) : ISearchIndex<TRow>
{
    public async Task<Result<Found<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation)
    {
        if (!(await index.SearchAsync(ElasticsearchSearches.Of(search), snapshot, cancellation)).TryGet(out var found, out var error))
            return error;
        using (found)
            return new Found<TRow>([.. found.Hits.Select(hit => new Hit<TRow>((int)hit.Score!.Value, hit.Row(json)))], found.Total);
    }

    public async Task<Result<Dictionary<Guid, TRow>>> FindAsync(IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return new Dictionary<Guid, TRow>();
        if (!(await index.SearchAsync(ElasticsearchSearches.Of(ids), snapshot, cancellation)).TryGet(out var found, out var error))
            return error;
        using (found)
            return found.Hits.Select(hit => hit.Row(json)).ToDictionary(id);
    }
}
