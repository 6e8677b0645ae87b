using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The index of the registry, the checkpoints and the dead letters of all generations.</summary>
internal sealed class RegistryIndex(ElasticsearchClient client, StoreNames names)
{
    private const string Definition = """
        {
          "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
          "mappings": {"dynamic": false, "properties": {
            "kind": {"type": "keyword"}, "generation": {"type": "integer"}, "key": {"type": "keyword"},
            "partition": {"type": "integer"}, "offset": {"type": "long"},
            "sequence": {"type": "long"}, "asked": {"type": "keyword"}, "operation": {"type": "keyword"}}}
        }
        """;

    /// <summary>Creates the index unless there is one.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        var response = await client.SendAsync(ElasticsearchRequest.Put(names.Registry, Definition), RetryPolicy.OfSteps, cancellation);
        if (!response.IsSuccess && response.Failure() is { IsExistingIndex: false } failure)
            throw failure;
    }
}
