using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Generations;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Searches the live generation through its alias, or the index of a snapshot.</summary>
internal sealed class ElasticsearchIndex(
    string projection, ElasticsearchClient client, StoreNames names, IGenerationRegistry registry) : IElasticsearchIndex
{
    public async Task<Result<ElasticsearchHits>> SearchAsync(
        ReadOnlyMemory<byte> request, string? snapshot, CancellationToken cancellation)
    {
        if (snapshot is null)
            return await SearchAsync(names.Alias, request, cancellation) ?? throw new ReadModelBuildingException(projection);
        var found = (await registry.ReadAsync(cancellation)).Generations.FirstOrDefault(
            generation => generation.State == GenerationState.Snapshot && generation.Snapshot == snapshot);
        return found is not null && await SearchAsync(names.Of(found.Number), request, cancellation) is { } hits
            ? hits
            : SnapshotErrors.Unknown(projection, snapshot);
    }

    private async Task<ElasticsearchHits?> SearchAsync(string index, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var request = new ElasticsearchRequest(HttpMethod.Post, $"{index}/_search", body);
        var response = await client.SendAsync(request, RetryPolicy.OfQueries, cancellation);
        if (!response.IsSuccess && response.Failure() is { IsMissingIndex: true })
            return null;
        return new ElasticsearchHits(response.EnsureSuccess().Json());
    }
}
