using System.Globalization;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Reads rows by key or in key order, and writes them by bulk requests of limited size.</summary>
internal sealed class RowIndex<TKey, TRow>(
    ElasticsearchClient client, Bulk bulk, StoreNames names, ElasticsearchMapping<TKey, TRow> mapping)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int Megabyte = 1024 * 1024;
    private const int MaxRequestBytes = 5 * Megabyte;
    private const int MaxKeysPerRequest = 2_000;
    private const int MaxRowsPerRequest = 5_000;

    /// <summary>The next request is built while the server processes one.</summary>
    private const int MaxConcurrentRequests = 2;

    private long conflicts;

    /// <summary>The number of writes that found a newer version: repeats, and writes of hosts that have lost their partition.</summary>
    public long AlreadyNewer => Volatile.Read(ref conflicts);

    /// <summary>Writes rows, which are visible to searches when this returns.</summary>
    public Task WriteAsync(int generation, IReadOnlyList<RowChange<TKey, TRow>> changes, CancellationToken cancellation) =>
        changes.Count == 0
            ? Task.CompletedTask
            : WriteAsync(generation, changes.ToAsyncEnumerable(), refresh: true, RetryPolicy.OfSteps, cancellation);

    /// <summary>Writes any number of rows.</summary>
    public async Task WriteAsync(
        int generation,
        IAsyncEnumerable<RowChange<TKey, TRow>> changes,
        bool refresh,
        RetryPolicy policy,
        CancellationToken cancellation)
    {
        var sending = new List<Task>(MaxConcurrentRequests);
        var body = new BulkBody();
        try
        {
            await foreach (var change in changes.WithCancellation(cancellation))
            {
                RowDocument.Add(body, mapping, change.Key, change.Row, change.Offset);
                if (body.Bytes < MaxRequestBytes)
                    continue;
                if (sending.Count == MaxConcurrentRequests)
                    await WaitForOneAsync(sending);
                sending.Add(SendAsync(generation, body, refresh, policy, cancellation));
                body = new BulkBody();
            }

            if (body.Count > 0)
            {
                sending.Add(SendAsync(generation, body, refresh, policy, cancellation));
                body = new BulkBody();
            }

            while (sending.Count > 0)
                await WaitForOneAsync(sending);
        }
        finally
        {
            body.Dispose();
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Reads the current documents of keys, visible to searches or not.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="found">Called with each key that has a document, its row (null for a tombstone) and its offset.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    public async Task FindAsync(
        int generation, IEnumerable<TKey> keys, Action<TKey, TRow?, RowOffset> found, CancellationToken cancellation)
    {
        foreach (var chunk in keys.Chunk(MaxKeysPerRequest))
        {
            var ids = JsonSerializer.Serialize(chunk.Select(KeyText.Of<TKey>).ToArray());
            var request = ElasticsearchRequest.Post($"{names.Of(generation)}/_mget", $"{{\"ids\":{ids}}}");
            var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
            using var json = response.EnsureSuccess().Json();
            foreach (var document in json.RootElement.GetProperty("docs").EnumerateArray())
            {
                if (document.TryGetProperty("error", out var error))
                    throw FailureOf(ElasticsearchException.Of(response.Status, error));
                if (!document.GetProperty("found").GetBoolean())
                    continue;
                var key = KeyText.Parse<TKey>(document.GetProperty("_id").GetString()!);
                found(key, RowOf(document), RowDocument.OffsetOf(document.GetProperty("_source")));
            }
        }
    }

    /// <summary>Reads rows in key order.</summary>
    public async Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        var rows = new List<TRow>();
        var last = after is { } key ? KeyText.Of(key) : null;
        while (rows.Count < limit)
        {
            var size = Math.Min(limit - rows.Count, MaxRowsPerRequest);
            var from = last is null ? "" : $",\"search_after\":[{JsonSerializer.Serialize(last)}]";
            var sort = $"\"sort\":[\"{ElasticsearchFields.Key}\"]{from}";
            var body = string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"size\":{size},\"track_total_hits\":false,\"query\":{ElasticsearchFields.AllRows},{sort}}}");
            var request = ElasticsearchRequest.Post($"{names.Of(generation)}/_search", body);
            var response = await client.SendAsync(request, RetryPolicy.OfSteps, cancellation);
            using var json = response.EnsureSuccess().Json();
            var hits = json.RootElement.GetProperty("hits").GetProperty("hits");
            foreach (var hit in hits.EnumerateArray())
            {
                rows.Add(RowOf(hit)!);
                last = hit.GetProperty("_id").GetString()!;
            }

            if (hits.GetArrayLength() < size)
                break;
        }

        return rows;
    }

    // _mget succeeds even if the shard of the documents is not available yet.
    private static Exception FailureOf(ElasticsearchException failure) => failure.IsMissingShard
        ? new StorageUnavailableException($"Elasticsearch cannot read rows yet: {failure.Message}", failure)
        : failure;

    private TRow? RowOf(JsonElement document) =>
        RowDocument.TryGetRow(document.GetProperty("_source"), out var row) ? row.Deserialize(mapping.Json) : null;

    private async Task SendAsync(int generation, BulkBody body, bool refresh, RetryPolicy policy, CancellationToken cancellation)
    {
        using (body)
            Interlocked.Add(ref conflicts, await bulk.SendAsync(names.Of(generation), body, refresh, policy, cancellation));
    }

    private static async Task WaitForOneAsync(List<Task> sending)
    {
        var first = await Task.WhenAny(sending);
        sending.Remove(first);
        await first;
    }
}
