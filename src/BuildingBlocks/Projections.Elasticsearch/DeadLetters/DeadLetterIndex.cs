using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.DeadLetters;

/// <summary>
/// The parked events as documents. They are written before the checkpoint that passes them and removed after it; one that lies beyond its checkpoint counts for nothing, and is removed when its partition is
/// taken over. What is written is found at once: there are few of them.
/// </summary>
internal sealed class DeadLetterIndex(string projection, ElasticsearchClient client, Bulk bulk, StoreNames names)
{
    private const int AtOnce = 1_000;
    private const int KeysAtOnce = 1_000;

    private static readonly string IsAsked = QueryText.Exists("asked");

    private readonly ConcurrentDictionary<int, DeadLetterKeys> known = [];

    /// <summary>The keys that are parked, as the owner of their partitions knows them.</summary>
    public async Task<DeadLetterKeys> KeysOfAsync(int generation, CancellationToken cancellation) => known.TryGetValue(generation, out var keys) ? keys : await LoadAsync(generation, cancellation);

    /// <summary>Removes what lies beyond the checkpoints of partitions that were taken over, and learns what is parked.</summary>
    public async Task TakenAsync(int generation, IReadOnlyList<Checkpoint> taken, CancellationToken cancellation)
    {
        await RefreshAsync(cancellation);
        foreach (var point in taken)
        {
            var beyond = QueryText.Both(QueryText.Term("partition", point.Partition.Partition), QueryText.AtLeast("offset", point.NextOffset));
            await foreach (var letters in AllAsync(generation, beyond, cancellation))
                await DeleteAsync(letters.Select(letter => letter.Id), cancellation);
        }

        await LoadAsync(generation, cancellation);
    }

    /// <summary>Parks events; they count once their checkpoint has passed them, which <see cref="PassedAsync"/> notes.</summary>
    public async Task ParkAsync(int generation, IReadOnlyList<(string Key, LogRecord Record, string? Reason)> parked, DateTimeOffset now, RetryPolicy patience, CancellationToken cancellation)
    {
        foreach (var some in parked.Chunk(AtOnce))
        {
            var there = await FindAsync(generation, some.Select(entry => (new LogPartition(entry.Record.Log, entry.Record.Partition), entry.Record.Offset)), cancellation);
            using var body = new BulkBody();
            foreach (var (key, record, reason) in some)
            {
                var id = DeadLetterDocument.IdOf(generation, new LogPartition(record.Log, record.Partition), record.Offset);
                var letter = there.TryGetValue(id, out var before)
                    ? before.Letter with { Reason = reason, Request = null }
                    : new DeadLetterEntry(DeadLetterDocument.SequenceOf(record), key, record, reason, now, null, null);
                DeadLetterDocument.Add(body, generation, letter);
            }

            await bulk.SendAsync(names.Registry, body, refresh: true, patience, cancellation);
        }
    }

    /// <summary>Notes that a checkpoint has passed what was parked.</summary>
    public async Task PassedAsync(int generation, IReadOnlyList<(string Key, LogRecord Record, string? Reason)> parked, CancellationToken cancellation)
    {
        if (parked.Count == 0)
            return;
        var keys = await KeysOfAsync(generation, cancellation);
        foreach (var (key, record, _) in parked)
            keys.Add(key, record.Offset);
    }

    /// <summary>Removes events that are parked no longer. What was asked of them goes over to all that is parked of their keys still, apart from those that were just parked again.</summary>
    public async Task UnparkAsync(
        int generation, IReadOnlyList<(LogPartition Partition, long Offset)> unparked, IReadOnlyList<(string Key, LogRecord Record, string? Reason)> parkedAgain, CancellationToken cancellation)
    {
        if (unparked.Count == 0)
            return;
        var gone = (await FindAsync(generation, unparked, cancellation)).Values.ToArray();
        var again = parkedAgain.Select(entry => DeadLetterDocument.IdOf(generation, new LogPartition(entry.Record.Log, entry.Record.Partition), entry.Record.Offset)).ToHashSet();
        var goes = gone.Select(letter => letter.Id).ToHashSet();
        foreach (var asking in gone.Select(letter => letter.Letter).Where(letter => letter.Request is not null).DistinctBy(letter => letter.Key))
        {
            await ChangeAsync(
                generation,
                QueryText.Both(QueryText.Term("key", asking.Key), QueryText.Not(IsAsked)),
                letter => again.Contains(letter.Id) || goes.Contains(letter.Id) ? null : letter.Letter with { Request = asking.Request, Operation = asking.Operation },
                cancellation);
        }

        await DeleteAsync(goes, cancellation);
        var keys = await KeysOfAsync(generation, cancellation);
        foreach (var key in gone.Select(letter => letter.Letter.Key).Distinct())
            keys.Set(key, await LastOfAsync(generation, key, cancellation));
    }

    public async Task<DeadLetterCount> CountAsync(int generation, CancellationToken cancellation)
    {
        using var answer = await SearchAsync(
            generation, "", """ "size":0,"track_total_hits":true,"aggs":{"asked":{"filter":{"exists":{"field":"asked"}}}} """, cancellation);
        return new DeadLetterCount(TotalOf(answer), answer.RootElement.GetProperty("aggregations").GetProperty("asked").GetProperty("doc_count").GetInt64());
    }

    public async Task<IReadOnlySet<string>> KeysAsync(int generation, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        await foreach (var key in EachKeyAsync(generation, "", cancellation))
            found.Add(key.Key);
        return found;
    }

    /// <summary>What an operator sees of them, from a place on.</summary>
    public async Task<IReadOnlyList<DeadLetter>> VisibleCheckpointsAsync(int generation, long after, int limit, CancellationToken cancellation)
    {
        var found = new List<DeadLetterEntry>();
        if (limit > 0)
        {
            await foreach (var letters in AllAsync(generation, QueryText.Above("sequence", after), cancellation, Math.Min(limit, AtOnce)))
            {
                found.AddRange(letters.Select(letter => letter.Letter));
                if (found.Count >= limit)
                    break;
            }
        }

        return new DeadLetterSet(found.Take(limit)).List(projection, generation, 0, limit);
    }

    /// <summary>Marks events as asked for.</summary>
    public Task<long> AddRequestAsync(int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation) => ChangeAsync(
        generation,
        QueryText.Both([QueryText.Not(QueryText.Both(OfOperation(operation), IsAsked)), .. key is null ? Array.Empty<string>() : [QueryText.Term("key", key)]]),
        letter => letter.Letter with { Request = request, Operation = operation },
        cancellation);

    /// <summary>Takes an operation's marks away.</summary>
    public Task<long> RemoveRequestAsync(int generation, Guid operation, CancellationToken cancellation) =>
        ChangeAsync(generation, OfOperation(operation), letter => letter.Letter with { Request = null, Operation = null }, cancellation);

    /// <summary>
    /// How far an operation is. The first event of a key tells whether anybody still has to look at it. That is asked before what is parked: these are two looks, and an operation that is carried out between
    /// them is then one that goes on, not one that ended with its events still there.
    /// </summary>
    public async Task<RequestProgress> ProgressAsync(int generation, Guid operation, CancellationToken cancellation)
    {
        var open = 0L;
        await foreach (var key in EachKeyAsync(generation, "", cancellation, OfOperation(operation)))
            open += key.FirstIsAsked ? 1 : 0;
        using var answer = await SearchAsync(generation, OfOperation(operation), """ "size":0,"track_total_hits":true """, cancellation);
        return new RequestProgress(open, TotalOf(answer));
    }

    /// <summary>Keys that are asked for, among those whose events lie in some partitions, with their first events.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<DeadLetterEntry>>> PendingRequestsAsync(int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation)
    {
        var found = new List<IReadOnlyList<DeadLetterEntry>>();
        if (owned.Count == 0 || (await CountAsync(generation, cancellation)).WithRequest == 0)
            return found;
        var places = QueryText.Terms("partition", owned.Select(partition => partition.Partition));
        await foreach (var key in EachKeyAsync(generation, places, cancellation))
        {
            if (!key.FirstIsAsked)
                continue;
            await foreach (var letters in AllAsync(generation, QueryText.Term("key", key.Key), cancellation, maxEventsPerKey))
            {
                // What was asked may be done by now.
                if (letters[0].Letter.Request is not null)
                    found.Add([.. letters.Select(letter => letter.Letter)]);
                break;
            }

            if (found.Count == maxKeys)
                break;
        }

        return found;
    }

    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        known.TryRemove(generation, out _);
        await RefreshAsync(cancellation);
        await foreach (var letters in AllAsync(generation, "", cancellation))
            await DeleteAsync(letters.Select(letter => letter.Id), cancellation);
    }

    private async Task<DeadLetterKeys> LoadAsync(int generation, CancellationToken cancellation)
    {
        var keys = new List<KeyValuePair<string, long>>();
        await foreach (var key in EachKeyAsync(generation, "", cancellation))
            keys.Add(KeyValuePair.Create(key.Key, key.Last));
        return known[generation] = new DeadLetterKeys(keys);
    }

    private async Task<long?> LastOfAsync(int generation, string key, CancellationToken cancellation)
    {
        await foreach (var found in EachKeyAsync(generation, QueryText.Term("key", key), cancellation))
            return found.Last;
        return null;
    }

    /// <summary>Changes letters, until there is none left that has to be: one that somebody else changed meanwhile is looked at again.</summary>
    private async Task<long> ChangeAsync(int generation, string filter, Func<DeadLetterDocument, DeadLetterEntry?> change, CancellationToken cancellation)
    {
        var changed = 0L;
        while (true)
        {
            var newer = 0;
            await foreach (var letters in AllAsync(generation, filter, cancellation))
            {
                using var body = new BulkBody();
                foreach (var letter in letters)
                {
                    if (change(letter) is { } next)
                        DeadLetterDocument.Add(body, generation, next, letter);
                }

                if (body.Count == 0)
                    continue;
                var conflicts = await bulk.SendAsync(names.Registry, body, refresh: true, RetryPolicy.OfSteps, cancellation);
                changed += body.Count - conflicts;
                newer += conflicts;
            }

            if (newer == 0)
                return changed;
            await RefreshAsync(cancellation);
        }
    }

    /// <summary>Letters by their places, by their ids.</summary>
    private async Task<Dictionary<string, DeadLetterDocument>> FindAsync(int generation, IEnumerable<(LogPartition Partition, long Offset)> places, CancellationToken cancellation)
    {
        var found = new Dictionary<string, DeadLetterDocument>();
        foreach (var some in places.Chunk(AtOnce))
        {
            var ids = JsonSerializer.Serialize(some.Select(place => DeadLetterDocument.IdOf(generation, place.Partition, place.Offset)).ToArray());
            var answer = await client.SendAsync(ElasticsearchRequest.Post($"{names.Registry}/_mget", $"{{\"ids\":{ids}}}"), RetryPolicy.OfSteps, cancellation);
            using var json = answer.Required().Json();
            foreach (var document in json.RootElement.GetProperty("docs").EnumerateArray())
            {
                if (document.TryGetProperty("found", out var there) && there.GetBoolean())
                    found.Add(document.GetProperty("_id").GetString()!, DeadLetterDocument.Of(document));
            }
        }

        return found;
    }

    /// <summary>All letters that match, in order, some at a time.</summary>
    private async IAsyncEnumerable<IReadOnlyList<DeadLetterDocument>> AllAsync(int generation, string filter, [EnumeratorCancellation] CancellationToken cancellation, int atOnce = AtOnce)
    {
        var after = "";
        while (true)
        {
            var rest = string.Create(CultureInfo.InvariantCulture, $"\"size\":{atOnce},\"seq_no_primary_term\":true,\"sort\":[\"sequence\"]{after}");
            List<DeadLetterDocument> letters;
            using (var answer = await SearchAsync(generation, filter, rest, cancellation))
                letters = [.. answer.RootElement.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(DeadLetterDocument.Of)];
            if (letters.Count > 0)
                yield return letters;
            if (letters.Count < atOnce)
                yield break;
            after = string.Create(CultureInfo.InvariantCulture, $",\"search_after\":[{letters[^1].Letter.Sequence}]");
        }
    }

    /// <summary>All keys that have a letter, with the offset of their last one, and whether their first one is asked for (of all that are, or of those that match).</summary>
    private async IAsyncEnumerable<(string Key, long Last, bool FirstIsAsked)> EachKeyAsync(
        int generation, string filter, [EnumeratorCancellation] CancellationToken cancellation, string? askedBy = null)
    {
        var after = "";
        var asked = askedBy is null ? IsAsked : QueryText.Both(IsAsked, askedBy);
        while (true)
        {
            const string first = """{"first":{"min":{"field":"sequence"}}}""";
            const string source = """{"key":{"terms":{"field":"key"}}}""";
            var keysOf = string.Create(CultureInfo.InvariantCulture, $"\"composite\":{{\"size\":{KeysAtOnce},\"sources\":[{source}]{after}}}");
            var ofEach = $"\"aggs\":{{\"last\":{{\"max\":{{\"field\":\"offset\"}}}},\"first\":{{\"min\":{{\"field\":\"sequence\"}}}},\"asked\":{{\"filter\":{asked},\"aggs\":{first}}}}}";
            var rest = $"\"size\":0,\"aggs\":{{\"keys\":{{{keysOf},{ofEach}}}}}";
            using var answer = await SearchAsync(generation, filter, rest, cancellation);
            var keys = answer.RootElement.GetProperty("aggregations").GetProperty("keys");
            var buckets = keys.GetProperty("buckets");
            foreach (var bucket in buckets.EnumerateArray())
            {
                var firstAsked = bucket.GetProperty("asked").GetProperty("first").GetProperty("value");
                yield return (
                    bucket.GetProperty("key").GetProperty("key").GetString()!,
                    (long)bucket.GetProperty("last").GetProperty("value").GetDouble(),
                    firstAsked.ValueKind == JsonValueKind.Number && firstAsked.GetDouble() <= bucket.GetProperty("first").GetProperty("value").GetDouble());
            }

            if (buckets.GetArrayLength() < KeysAtOnce)
                yield break;
            after = $",\"after\":{keys.GetProperty("after_key").GetRawText()}";
        }
    }

    private async Task<JsonDocument> SearchAsync(int generation, string filter, string rest, CancellationToken cancellation)
    {
        var query = QueryText.Both([QueryText.Term("kind", "parked"), QueryText.Term("generation", generation), .. filter.Length > 0 ? [filter] : Array.Empty<string>()]);
        var answer = await client.SendAsync(ElasticsearchRequest.Post($"{names.Registry}/_search", $"{{\"query\":{query},{rest}}}"), RetryPolicy.OfSteps, cancellation);
        return answer.Required().Json();
    }

    private async Task DeleteAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        foreach (var some in ids.Chunk(AtOnce))
        {
            using var body = new BulkBody();
            foreach (var id in some)
                body.Delete(id);
            await bulk.SendAsync(names.Registry, body, refresh: true, RetryPolicy.OfSteps, cancellation);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellation) => (await client.SendAsync(ElasticsearchRequest.Post($"{names.Registry}/_refresh"), RetryPolicy.OfSteps, cancellation)).Required();

    private static long TotalOf(JsonDocument answer) => answer.RootElement.GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64();

    private static string OfOperation(Guid operation) => QueryText.Term("operation", operation.ToString());
}
