using System.Text.Json.Serialization.Metadata;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Projections.Elasticsearch;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Elasticsearch;

/// <summary>An index in Elasticsearch, shared by all hosts.</summary>
internal sealed class ElasticsearchIndex<TRow>(IElasticsearchIndex index, JsonTypeInfo<TRow> json, Func<TRow, Guid> id) : ISearchIndex<TRow>
{
    public async Task<Result<SearchResult<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation)
    {
        var response = await index.SearchAsync(ElasticsearchRequests.Of(search), snapshot, cancellation);
        if (!response.TryGet(out var found, out var error))
            return error;
        using (found)
            return new SearchResult<TRow>([.. found.Hits.Select(hit => new Hit<TRow>((int)hit.Score!.Value, hit.Row(json)))], found.Total);
    }

    public async Task<Result<Dictionary<Guid, TRow>>> FindAsync(
        IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation)
    {
        if (ids.Count == 0)
            return new Dictionary<Guid, TRow>();
        var response = await index.SearchAsync(ElasticsearchRequests.Of(ids), snapshot, cancellation);
        if (!response.TryGet(out var found, out var error))
            return error;
        using (found)
            return found.Hits.Select(hit => hit.Row(json)).ToDictionary(id);
    }
}
