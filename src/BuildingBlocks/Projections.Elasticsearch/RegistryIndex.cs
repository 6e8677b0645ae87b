using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The index that holds what is not a row: the registry, the checkpoints of each generation, the parked events.</summary>
internal sealed class RegistryIndex(ElasticsearchClient client, StoreNames names)
{
    private const string Definition = """
        {
          "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
          "mappings": {"dynamic": false, "properties": {
            "kind": {"type": "keyword"}, "generation": {"type": "integer"}, "key": {"type": "keyword"}, "partition": {"type": "integer"}, "offset": {"type": "long"},
            "sequence": {"type": "long"}, "asked": {"type": "keyword"}, "operation": {"type": "keyword"}}}
        }
        """;

    /// <summary>Makes it where it is missing.</summary>
    public async Task CreateAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Put(names.Registry, Definition), RetryPolicy.OfSteps, cancellation);
        if (!answer.IsSuccess && answer.Failure() is { IsExistingIndex: false } failure)
            throw failure;
    }
}
