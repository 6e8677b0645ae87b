using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The index of a generation as a whole: made, refreshed, made ready for queries, kept from being written to, removed.</summary>
internal sealed class GenerationIndex(ElasticsearchClient client, StoreNames names, string log, string mappings)
{
    /// <summary>Nobody reads a build: it is neither refreshed by itself nor copied.</summary>
    private const string WhileBuilt = """{"number_of_shards":1,"number_of_replicas":0,"refresh_interval":"-1"}""";
    private const string FromThenOn = """{"index":{"refresh_interval":"1s","auto_expand_replicas":"0-1"}}""";
    private const string FurthestRows = """{"size":0,"aggs":{"partitions":{"terms":{"field":"doc.partition","size":10000},"aggs":{"next":{"max":{"field":"doc.next"}}}}}}""";
    private const string Unblocked = """{"index":{"blocks.write":null}}""";

    /// <summary>Makes it, empty; leaves one that is there as it is.</summary>
    public async Task CreateAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(
            ElasticsearchRequest.Put(names.Of(generation), $"{{\"settings\":{WhileBuilt},\"mappings\":{mappings}}}"), RetryPolicy.OfSteps, cancellation);
        if (!answer.IsSuccess && answer.Failure() is { IsExistingIndex: false } failure)
            throw failure;
    }

    public async Task<bool> ExistsAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(new ElasticsearchRequest(HttpMethod.Head, names.Of(generation)), RetryPolicy.OfSteps, cancellation);
        return answer.Status != ElasticsearchResponse.Missing && answer.Required().IsSuccess;
    }

    /// <summary>What was written is found from here on.</summary>
    public async Task RefreshAsync(int generation, CancellationToken cancellation) =>
        (await client.SendAsync(ElasticsearchRequest.Post($"{names.Of(generation)}/_refresh"), RetryPolicy.OfSteps, cancellation)).Required();

    /// <summary>It is read from here on: refreshed by itself, and copied where there is another node.</summary>
    public async Task SettleAsync(int generation, CancellationToken cancellation) =>
        (await client.SendAsync(ElasticsearchRequest.Put($"{names.Of(generation)}/_settings", FromThenOn), RetryPolicy.OfSteps, cancellation)).Required();

    /// <summary>Refuses whatever is written from here on; what was being written has ended when this returns.</summary>
    public async Task BlockAsync(int generation, CancellationToken cancellation) =>
        (await client.SendAsync(new ElasticsearchRequest(HttpMethod.Put, $"{names.Of(generation)}/_block/write"), RetryPolicy.OfSteps, cancellation)).Required();

    public async Task UnblockAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Put($"{names.Of(generation)}/_settings", Unblocked), RetryPolicy.OfSteps, cancellation);
        if (answer.Status != ElasticsearchResponse.Missing)
            answer.Required();
    }

    /// <summary>How far the rows that are found have seen the log, by partition.</summary>
    public async Task<IReadOnlyList<PartitionCheckpoint>> SeenAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Post($"{names.Of(generation)}/_search", FurthestRows), RetryPolicy.OfSteps, cancellation);
        using var json = answer.Required().Json();
        return
        [
            .. json.RootElement.GetProperty("aggregations").GetProperty("partitions").GetProperty("buckets").EnumerateArray().Select(bucket => new PartitionCheckpoint(
                new LogPartition(log, bucket.GetProperty("key").GetInt32()), (long)bucket.GetProperty("next").GetProperty("value").GetDouble())),
        ];
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Delete(names.Of(generation)), RetryPolicy.OfSteps, cancellation);
        if (answer.Status != ElasticsearchResponse.Missing)
            answer.Required();
    }

    /// <summary>The generations that have an index.</summary>
    public async Task<IReadOnlyList<int>> AllAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Get($"{names.Generations}/_settings?filter_path=*.settings.index.uuid"), RetryPolicy.OfSteps, cancellation);
        using var json = answer.Required().Json();
        var found = new List<int>();
        foreach (var index in json.RootElement.EnumerateObject())
        {
            if (names.IsGeneration(index.Name, out var generation))
                found.Add(generation);
        }

        return found;
    }

    /// <summary>The indexes that queries read: one, or none.</summary>
    private async Task<IReadOnlyList<string>> VisibleCheckpointsAsync(CancellationToken cancellation)
    {
        var answer = await client.SendAsync(ElasticsearchRequest.Get($"_alias/{names.Alias}"), RetryPolicy.OfSteps, cancellation);
        if (answer.Status == ElasticsearchResponse.Missing)
            return [];
        using var json = answer.Required().Json();
        return [.. json.RootElement.EnumerateObject().Select(index => index.Name)];
    }

    /// <summary>The generation that queries read; null where they read none.</summary>
    public async Task<int?> ServedGenerationAsync(CancellationToken cancellation) => await VisibleCheckpointsAsync(cancellation) is [var only] && names.IsGeneration(only, out var generation) ? generation : null;

    /// <summary>Lets queries read a generation, in one step, which holds only where they still read what was seen.</summary>
    public async Task ServeAsync(int? generation, CancellationToken cancellation)
    {
        var wanted = generation is { } number ? names.Of(number) : null;
        while (true)
        {
            var before = await VisibleCheckpointsAsync(cancellation);
            if (wanted is null ? before.Count == 0 : before.Count == 1 && before[0] == wanted)
                return;
            var actions = before.Where(index => index != wanted).Select(index => $"{{\"remove\":{{\"index\":\"{index}\",\"alias\":\"{names.Alias}\",\"must_exist\":true}}}}");
            if (wanted is not null)
                actions = actions.Append($"{{\"add\":{{\"index\":\"{wanted}\",\"alias\":\"{names.Alias}\"}}}}");
            var answer = await client.SendAsync(ElasticsearchRequest.Post("_aliases", $"{{\"actions\":[{string.Join(',', actions)}]}}"), RetryPolicy.OfSteps, cancellation);
            if (answer.IsSuccess)
                return;
            if (answer.Status != ElasticsearchResponse.Missing || answer.Failure().IsMissingIndex)
                throw answer.Failure();
        }
    }
}
