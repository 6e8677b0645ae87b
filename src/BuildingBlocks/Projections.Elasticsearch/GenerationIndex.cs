using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Creates, refreshes, blocks, publishes and removes the indexes of generations.</summary>
internal sealed class GenerationIndex(ElasticsearchClient client, StoreNames names, string log, string mappings)
{
    /// <summary>The settings during a rebuild: no automatic refresh, no replicas.</summary>
    private const string BuildSettings = """{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"-1"}""";
    private const string LiveSettings = """{"index":{"refresh_interval":"1s","auto_expand_replicas":"0-1"}}""";
    private const string MaxOffsets = """
        {"size":0,"aggs":{"partitions":{"terms":{"field":"doc.partition","size":10000},"aggs":{"next":{"max":{"field":"doc.next"}}}}}}
        """;
    private const string Unblocked = """{"index":{"blocks.write":null}}""";

    /// <summary>Creates an empty index unless there is one.</summary>
    public async Task CreateAsync(int generation, CancellationToken cancellation)
    {
        var request = ElasticsearchRequest.Put(names.Of(generation), $"{{\"settings\":{BuildSettings},\"mappings\":{mappings}}}");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (!response.IsSuccess && response.Failure() is { IsExistingIndex: false } failure)
            throw failure;
    }

    public async Task<bool> ExistsAsync(int generation, CancellationToken cancellation)
    {
        var request = new ElasticsearchRequest(HttpMethod.Head, names.Of(generation));
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        return response.Status != ElasticsearchResponse.NotFound && response.EnsureSuccess().IsSuccess;
    }

    /// <summary>Makes written rows visible to searches.</summary>
    public Task RefreshAsync(int generation, CancellationToken cancellation) =>
        SendAsync(ElasticsearchRequest.Post($"{names.Of(generation)}/_refresh"), cancellation);

    /// <summary>Sets the settings of a live index: automatic refresh, and a replica if there is another node.</summary>
    public Task SettleAsync(int generation, CancellationToken cancellation) =>
        SendAsync(ElasticsearchRequest.Put($"{names.Of(generation)}/_settings", LiveSettings), cancellation);

    /// <summary>Blocks writes; running writes have ended when this returns.</summary>
    public Task BlockAsync(int generation, CancellationToken cancellation) =>
        SendAsync(new ElasticsearchRequest(HttpMethod.Put, $"{names.Of(generation)}/_block/write"), cancellation);

    public async Task UnblockAsync(int generation, CancellationToken cancellation)
    {
        var request = ElasticsearchRequest.Put($"{names.Of(generation)}/_settings", Unblocked);
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        if (response.Status != ElasticsearchResponse.NotFound)
            response.EnsureSuccess();
    }

    /// <summary>By partition, the highest offset of the visible rows.</summary>
    public async Task<IReadOnlyList<PartitionCheckpoint>> SeenAsync(int generation, CancellationToken cancellation)
    {
        var request = ElasticsearchRequest.Post($"{names.Of(generation)}/_search", MaxOffsets);
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        using var json = response.EnsureSuccess().Json();
        var buckets = json.RootElement.GetProperty("aggregations").GetProperty("partitions").GetProperty("buckets");
        return
        [
            .. buckets.EnumerateArray().Select(bucket => new PartitionCheckpoint(
                new LogPartition(log, bucket.GetProperty("key").GetInt32()),
                (long)bucket.GetProperty("next").GetProperty("value").GetDouble())),
        ];
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        var response = await client.SendAsync(ElasticsearchRequest.Delete(names.Of(generation)), RetryPolicy.OfSteps, cancellation);
        if (response.Status != ElasticsearchResponse.NotFound)
            response.EnsureSuccess();
    }

    /// <summary>The generations that have an index.</summary>
    public async Task<IReadOnlyList<int>> AllAsync(CancellationToken cancellation)
    {
        var request = ElasticsearchRequest.Get($"{names.Generations}/_settings?filter_path=*.settings.index.uuid");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        using var json = response.EnsureSuccess().Json();
        var found = new List<int>();
        foreach (var index in json.RootElement.EnumerateObject())
        {
            if (names.IsGeneration(index.Name, out var generation))
                found.Add(generation);
        }

        return found;
    }

    /// <summary>The indexes of the alias: one or none.</summary>
    private async Task<IReadOnlyList<string>> AliasedAsync(CancellationToken cancellation)
    {
        var response = await client.SendAsync(ElasticsearchRequest.Get($"_alias/{names.Alias}"), RetryPolicy.OfSteps, cancellation);
        if (response.Status == ElasticsearchResponse.NotFound)
            return [];
        using var json = response.EnsureSuccess().Json();
        return [.. json.RootElement.EnumerateObject().Select(index => index.Name)];
    }

    /// <summary>The generation that queries read; null for none.</summary>
    public async Task<int?> ServedGenerationAsync(CancellationToken cancellation) =>
        await AliasedAsync(cancellation) is [var only] && names.IsGeneration(only, out var generation) ? generation : null;

    /// <summary>Moves the alias atomically to a generation; retries if it has moved meanwhile.</summary>
    public async Task ServeAsync(int? generation, CancellationToken cancellation)
    {
        var wanted = generation is { } number ? names.Of(number) : null;
        while (true)
        {
            var before = await AliasedAsync(cancellation);
            if (wanted is null ? before.Count == 0 : before.Count == 1 && before[0] == wanted)
                return;
            var actions = before.Where(index => index != wanted).Select(index =>
                $"{{\"remove\":{{\"index\":\"{index}\",\"alias\":\"{names.Alias}\",\"must_exist\":true}}}}");
            if (wanted is not null)
                actions = actions.Append($"{{\"add\":{{\"index\":\"{wanted}\",\"alias\":\"{names.Alias}\"}}}}");
            var request = ElasticsearchRequest.Post("_aliases", $"{{\"actions\":[{string.Join(',', actions)}]}}");
            var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
            if (response.IsSuccess)
                return;
            if (response.Status != ElasticsearchResponse.NotFound || response.Failure().IsMissingIndex)
                throw response.Failure();
        }
    }

    private async Task SendAsync(ElasticsearchRequest request, CancellationToken cancellation) =>
        (await client.SendAsync(request, RetryPolicy.OfSteps, cancellation)).EnsureSuccess();
}
