using System.Globalization;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Mapping;
using Monolith.BuildingBlocks.Projections.Stores;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>The rows of generations as documents: read by key or in the order of the keys, written by bulk requests of a bounded size.</summary>
internal sealed class RowIndex<TKey, TRow>(ElasticsearchClient client, Bulk bulk, StoreNames names, ElasticsearchMapping<TKey, TRow> mapping)
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private const int Megabyte = 1024 * 1024;
    private const int BytesAtOnce = 5 * Megabyte;
    private const int KeysAtOnce = 2_000;
    private const int RowsAtOnce = 5_000;

    /// <summary>While the server works on one request, the next is made.</summary>
    private const int RequestsAtOnce = 2;

    /// <summary>How many documents were there in a newer version when they were written: repeats, and writers that have lost their partition.</summary>
    public long AlreadyNewer => Volatile.Read(ref alreadyNewer);

    private long alreadyNewer;

    /// <summary>Writes some rows, which are found when this returns.</summary>
    public Task WriteAsync(int generation, IReadOnlyList<RowChange<TKey, TRow>> changes, CancellationToken cancellation) =>
        changes.Count == 0 ? Task.CompletedTask : WriteAsync(generation, changes.ToAsyncEnumerable(), refresh: true, RetryPolicy.OfSteps, cancellation);

    /// <summary>Writes rows, as many as come.</summary>
    public async Task WriteAsync(int generation, IAsyncEnumerable<RowChange<TKey, TRow>> changes, bool refresh, RetryPolicy patience, CancellationToken cancellation)
    {
        var sending = new List<Task>(RequestsAtOnce);
        var body = new BulkBody();
        try
        {
            await foreach (var change in changes.WithCancellation(cancellation))
            {
                RowDocument.Add(body, mapping, change.Key, change.Row, change.Offset);
                if (body.Bytes < BytesAtOnce)
                    continue;
                if (sending.Count == RequestsAtOnce)
                    await FirstOfAsync(sending);
                sending.Add(SendAsync(generation, body, refresh, patience, cancellation));
                body = new BulkBody();
            }

            if (body.Count > 0)
            {
                sending.Add(SendAsync(generation, body, refresh, patience, cancellation));
                body = new BulkBody();
            }

            while (sending.Count > 0)
                await FirstOfAsync(sending);
        }
        finally
        {
            body.Dispose();
            await Task.WhenAll(sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The documents of some keys as they are now, be they found by searches or not.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="found">Told each key that has a document, with its row (null where it is gone) and its place.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task FindAsync(int generation, IEnumerable<TKey> keys, Action<TKey, TRow?, RowOffset> found, CancellationToken cancellation)
    {
        foreach (var some in keys.Chunk(KeysAtOnce))
        {
            var ids = JsonSerializer.Serialize(some.Select(KeyText.Of<TKey>).ToArray());
            var answer = await client.SendAsync(ElasticsearchRequest.Post($"{names.Of(generation)}/_mget", $"{{\"ids\":{ids}}}"), RetryPolicy.OfSteps, cancellation);
            using var json = answer.Required().Json();
            foreach (var document in json.RootElement.GetProperty("docs").EnumerateArray())
            {
                if (document.TryGetProperty("error", out var error))
                    throw FailureOf(ElasticsearchException.Of(answer.Status, error));
                if (document.GetProperty("found").GetBoolean())
                    found(KeyText.Parse<TKey>(document.GetProperty("_id").GetString()!), RowOf(document), RowDocument.PlaceOf(document.GetProperty("_source")));
            }
        }
    }

    /// <summary>Rows in the order of their keys.</summary>
    public async Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation)
    {
        var rows = new List<TRow>();
        var last = after is { } key ? KeyText.Of(key) : null;
        while (rows.Count < limit)
        {
            var size = Math.Min(limit - rows.Count, RowsAtOnce);
            var from = last is null ? "" : $",\"search_after\":[{JsonSerializer.Serialize(last)}]";
            var query = string.Create(
                CultureInfo.InvariantCulture, $"{{\"size\":{size},\"track_total_hits\":false,\"query\":{ElasticsearchFields.AllRows},\"sort\":[\"{ElasticsearchFields.Key}\"]{from}}}");
            var answer = await client.SendAsync(ElasticsearchRequest.Post($"{names.Of(generation)}/_search", query), RetryPolicy.OfSteps, cancellation);
            using var json = answer.Required().Json();
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

    // The answer as a whole is a success also where the shard that has the documents is not there yet.
    private static Exception FailureOf(ElasticsearchException failure) =>
        failure.IsMissingShard ? new StorageUnavailableException($"Elasticsearch cannot read rows yet: {failure.Message}", failure) : failure;

    private TRow? RowOf(JsonElement document) => RowDocument.TryGetRow(document.GetProperty("_source"), out var row) ? row.Deserialize(mapping.Json) : null;

    private async Task SendAsync(int generation, BulkBody body, bool refresh, RetryPolicy patience, CancellationToken cancellation)
    {
        using (body)
            Interlocked.Add(ref alreadyNewer, await bulk.SendAsync(names.Of(generation), body, refresh, patience, cancellation));
    }

    private static async Task FirstOfAsync(List<Task> sending)
    {
        var first = await Task.WhenAny(sending);
        sending.Remove(first);
        await first;
    }
}
