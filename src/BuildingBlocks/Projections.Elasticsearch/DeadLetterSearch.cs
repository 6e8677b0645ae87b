using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Reads dead letters: by offset, in order, by key, and their counts.</summary>
internal sealed class DeadLetterSearch(ElasticsearchClient client, StoreNames names)
{
    /// <summary>The maximum number of documents per request.</summary>
    public const int PageSize = 1_000;

    private const int KeysPerPage = 1_000;

    /// <summary>Matches events with a pending request.</summary>
    public static string HasRequest { get; } = QueryJson.Exists("asked");

    public static string OfOperation(Guid operation) => QueryJson.Term("operation", operation.ToString());

    /// <summary>The documents at offsets, by document id.</summary>
    public async Task<Dictionary<string, DeadLetterDocument>> FindAsync(
        int generation, IEnumerable<(LogPartition Partition, long Offset)> offsets, CancellationToken cancellation)
    {
        var found = new Dictionary<string, DeadLetterDocument>();
        foreach (var chunk in offsets.Chunk(PageSize))
        {
            var ids = JsonSerializer.Serialize(
                chunk.Select(offset => DeadLetterDocument.IdOf(generation, offset.Partition, offset.Offset)).ToArray());
            var request = ElasticsearchRequest.Post($"{names.Registry}/_mget", $"{{\"ids\":{ids}}}");
            var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
            using var json = response.EnsureSuccess().Json();
            foreach (var document in json.RootElement.GetProperty("docs").EnumerateArray())
            {
                if (document.TryGetProperty("found", out var exists) && exists.GetBoolean())
                    found.Add(document.GetProperty("_id").GetString()!, DeadLetterDocument.Of(document));
            }
        }

        return found;
    }

    /// <summary>All documents that match a filter, in order, in pages.</summary>
    public async IAsyncEnumerable<IReadOnlyList<DeadLetterDocument>> AllAsync(
        int generation, string filter, [EnumeratorCancellation] CancellationToken cancellation, int pageSize = PageSize)
    {
        var after = "";
        while (true)
        {
            var rest = string.Create(
                CultureInfo.InvariantCulture, $"\"size\":{pageSize},\"seq_no_primary_term\":true,\"sort\":[\"sequence\"]{after}");
            List<DeadLetterDocument> page;
            using (var response = await SearchAsync(generation, filter, rest, cancellation))
            {
                var hits = response.RootElement.GetProperty("hits").GetProperty("hits");
                page = [.. hits.EnumerateArray().Select(DeadLetterDocument.Of)];
            }

            if (page.Count > 0)
                yield return page;
            if (page.Count < pageSize)
                yield break;
            after = string.Create(CultureInfo.InvariantCulture, $",\"search_after\":[{page[^1].Entry.Sequence}]");
        }
    }

    /// <summary>
    /// All keys of events that match a filter, with the offset of the last event, and whether the first event has a pending request.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="filter">The filter; empty for none.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <param name="requestFilter">Considers only requests of events that match it; null for all requests.</param>
    public async IAsyncEnumerable<(string Key, long Last, bool HasFirstRequest)> KeysAsync(
        int generation, string filter, [EnumeratorCancellation] CancellationToken cancellation, string? requestFilter = null)
    {
        const string Min = """{"min":{"field":"sequence"}}""";
        const string Max = """{"max":{"field":"offset"}}""";
        const string Source = """{"key":{"terms":{"field":"key"}}}""";
        var requested = requestFilter is null ? HasRequest : QueryJson.All(HasRequest, requestFilter);
        var perKey =
            $"\"aggs\":{{\"last\":{Max},\"first\":{Min},\"asked\":{{\"filter\":{requested},\"aggs\":{{\"first\":{Min}}}}}}}";
        var after = "";
        while (true)
        {
            var page = string.Create(
                CultureInfo.InvariantCulture, $"\"composite\":{{\"size\":{KeysPerPage},\"sources\":[{Source}]{after}}}");
            var rest = $"\"size\":0,\"aggs\":{{\"keys\":{{{page},{perKey}}}}}";
            using var response = await SearchAsync(generation, filter, rest, cancellation);
            var keys = response.RootElement.GetProperty("aggregations").GetProperty("keys");
            var buckets = keys.GetProperty("buckets");
            foreach (var bucket in buckets.EnumerateArray())
            {
                var first = bucket.GetProperty("first").GetProperty("value").GetDouble();
                var firstRequest = bucket.GetProperty("asked").GetProperty("first").GetProperty("value");
                yield return (
                    bucket.GetProperty("key").GetProperty("key").GetString()!,
                    (long)bucket.GetProperty("last").GetProperty("value").GetDouble(),
                    firstRequest.ValueKind == JsonValueKind.Number && firstRequest.GetDouble() <= first);
            }

            if (buckets.GetArrayLength() < KeysPerPage)
                yield break;
            after = $",\"after\":{keys.GetProperty("after_key").GetRawText()}";
        }
    }

    public async Task<DeadLetterCount> CountAsync(int generation, CancellationToken cancellation)
    {
        const string Rest = """ "size":0,"track_total_hits":true,"aggs":{"asked":{"filter":{"exists":{"field":"asked"}}}} """;
        using var response = await SearchAsync(generation, "", Rest, cancellation);
        var requested = response.RootElement.GetProperty("aggregations").GetProperty("asked").GetProperty("doc_count").GetInt64();
        return new DeadLetterCount(TotalOf(response), requested);
    }

    public async Task<long> CountAsync(int generation, string filter, CancellationToken cancellation)
    {
        using var response = await SearchAsync(generation, filter, """ "size":0,"track_total_hits":true """, cancellation);
        return TotalOf(response);
    }

    public async Task RefreshAsync(CancellationToken cancellation)
    {
        var request = ElasticsearchRequest.Post($"{names.Registry}/_refresh");
        (await client.SendAsync(request, RetryPolicy.OfSteps, cancellation)).EnsureSuccess();
    }

    private async Task<JsonDocument> SearchAsync(int generation, string filter, string rest, CancellationToken cancellation)
    {
        string[] filters = [QueryJson.Term("kind", "parked"), QueryJson.Term("generation", generation)];
        var query = QueryJson.All(filter.Length > 0 ? [.. filters, filter] : filters);
        var request = ElasticsearchRequest.Post($"{names.Registry}/_search", $"{{\"query\":{query},{rest}}}");
        var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
        return response.EnsureSuccess().Json();
    }

    private static long TotalOf(JsonDocument response) =>
        response.RootElement.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();
}
