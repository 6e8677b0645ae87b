using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;
using Monolith.BuildingBlocks.Projections.Elasticsearch.Http;
using Monolith.BuildingBlocks.Projections.Registries;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The dead letters as documents. They are written before the checkpoint that passes them, and removed after it. Documents beyond their
/// checkpoint do not count, and are removed when their partition is taken over. Writes are refreshed at once, since there are few.
/// </summary>
internal sealed class DeadLetterIndex(string projection, ElasticsearchClient client, Bulk bulk, StoreNames names)
{
    private readonly DeadLetterSearch search = new(client, names);
    private readonly ConcurrentDictionary<int, DeadLetterKeys> known = [];

    /// <summary>The keys with dead letters, cached for the owner of their partitions.</summary>
    public async Task<DeadLetterKeys> KeysOfAsync(int generation, CancellationToken cancellation) =>
        known.TryGetValue(generation, out var keys) ? keys : await LoadAsync(generation, cancellation);

    /// <summary>Removes documents beyond the checkpoints of partitions that were taken over, and reloads the keys.</summary>
    public async Task TakeOverAsync(int generation, IReadOnlyList<Checkpoint> taken, CancellationToken cancellation)
    {
        await search.RefreshAsync(cancellation);
        foreach (var point in taken)
        {
            var beyond = QueryJson.All(
                QueryJson.Term("partition", point.Partition.Partition), QueryJson.AtLeast("offset", point.NextOffset));
            await foreach (var page in search.AllAsync(generation, beyond, cancellation))
                await DeleteAsync(page.Select(document => document.Id), cancellation);
        }

        await LoadAsync(generation, cancellation);
    }

    /// <summary>Adds events. They count after their checkpoint has passed them (see <see cref="CommittedAsync"/>).</summary>
    public async Task AddAsync(
        int generation,
        IReadOnlyList<(string Key, LogRecord Record, string? Reason)> added,
        DateTimeOffset now,
        RetryPolicy policy,
        CancellationToken cancellation)
    {
        foreach (var chunk in added.Chunk(DeadLetterSearch.PageSize))
        {
            var existing = await search.FindAsync(
                generation, chunk.Select(entry => (PartitionOf(entry.Record), entry.Record.Offset)), cancellation);
            using var body = new BulkBody();
            foreach (var (key, record, reason) in chunk)
            {
                var entry = existing.TryGetValue(IdOf(generation, record), out var before)
                    ? before.Entry with { Reason = reason, Request = null }
                    : new DeadLetterEntry(DeadLetterDocument.SequenceOf(record), key, record, reason, now, null, null);
                DeadLetterDocument.Add(body, generation, entry);
            }

            await bulk.SendAsync(names.Registry, body, refresh: true, policy, cancellation);
        }
    }

    /// <summary>Caches the keys of added events, after a checkpoint has passed them.</summary>
    public async Task CommittedAsync(
        int generation, IReadOnlyList<(string Key, LogRecord Record, string? Reason)> added, CancellationToken cancellation)
    {
        if (added.Count == 0)
            return;
        var keys = await KeysOfAsync(generation, cancellation);
        foreach (var (key, record, _) in added)
            keys.Add(key, record.Offset);
    }

    /// <summary>Removes events. Their requests pass to the other events of their keys, except those that were just added again.</summary>
    public async Task RemoveAsync(
        int generation,
        IReadOnlyList<(LogPartition Partition, long Offset)> removed,
        IReadOnlyList<(string Key, LogRecord Record, string? Reason)> addedAgain,
        CancellationToken cancellation)
    {
        if (removed.Count == 0)
            return;
        var documents = (await search.FindAsync(generation, removed, cancellation)).Values.ToArray();
        var excluded = addedAgain.Select(entry => IdOf(generation, entry.Record)).ToHashSet();
        var ids = documents.Select(document => document.Id).ToHashSet();
        var requests = documents.Select(document => document.Entry)
            .Where(entry => entry.Request is not null)
            .DistinctBy(entry => entry.Key);
        foreach (var request in requests)
        {
            await ChangeAsync(
                generation,
                QueryJson.All(QueryJson.Term("key", request.Key), QueryJson.Not(DeadLetterSearch.HasRequest)),
                document => excluded.Contains(document.Id) || ids.Contains(document.Id)
                    ? null
                    : document.Entry with { Request = request.Request, Operation = request.Operation },
                cancellation);
        }

        await DeleteAsync(ids, cancellation);
        var keys = await KeysOfAsync(generation, cancellation);
        foreach (var key in documents.Select(document => document.Entry.Key).Distinct())
            keys.Set(key, await LastOffsetAsync(generation, key, cancellation));
    }

    public Task<DeadLetterCount> CountAsync(int generation, CancellationToken cancellation) => search.CountAsync(generation, cancellation);

    public async Task<IReadOnlySet<string>> KeysAsync(int generation, CancellationToken cancellation)
    {
        var found = new HashSet<string>();
        await foreach (var key in search.KeysAsync(generation, "", cancellation))
            found.Add(key.Key);
        return found;
    }

    /// <summary>Lists dead letters for operators, after a sequence number.</summary>
    public async Task<IReadOnlyList<DeadLetter>> ListAsync(int generation, long after, int limit, CancellationToken cancellation)
    {
        var found = new List<DeadLetterEntry>();
        if (limit > 0)
        {
            var (filter, pageSize) = (QueryJson.Above("sequence", after), Math.Min(limit, DeadLetterSearch.PageSize));
            await foreach (var page in search.AllAsync(generation, filter, cancellation, pageSize))
            {
                found.AddRange(page.Select(document => document.Entry));
                if (found.Count >= limit)
                    break;
            }
        }

        return new DeadLetterSet(found.Take(limit)).List(projection, generation, 0, limit);
    }

    /// <summary>Records a request for events: of one key, or all.</summary>
    public Task<long> RequestAsync(
        int generation, string? key, DeadLetterRequest request, Guid operation, CancellationToken cancellation)
    {
        var notYet = QueryJson.Not(QueryJson.All(DeadLetterSearch.OfOperation(operation), DeadLetterSearch.HasRequest));
        return ChangeAsync(
            generation,
            QueryJson.All(key is null ? [notYet] : [notYet, QueryJson.Term("key", key)]),
            document => document.Entry with { Request = request, Operation = operation },
            cancellation);
    }

    /// <summary>Removes the requests of an operation.</summary>
    public Task<long> CancelRequestsAsync(int generation, Guid operation, CancellationToken cancellation) => ChangeAsync(
        generation,
        DeadLetterSearch.OfOperation(operation),
        document => document.Entry with { Request = null, Operation = null },
        cancellation);

    /// <summary>
    /// The progress of an operation. A key is open while its first event has a pending request. Open keys are counted before the remaining
    /// events: a request that completes between both searches then appears as running, not as finished with events left.
    /// </summary>
    public async Task<RequestProgress> ProgressAsync(int generation, Guid operation, CancellationToken cancellation)
    {
        var open = 0L;
        await foreach (var key in search.KeysAsync(generation, "", cancellation, DeadLetterSearch.OfOperation(operation)))
            open += key.HasFirstRequest ? 1 : 0;
        return new RequestProgress(open, await search.CountAsync(generation, DeadLetterSearch.OfOperation(operation), cancellation));
    }

    /// <summary>Keys of owned partitions whose first event has a pending request, with their first events.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<DeadLetterEntry>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation)
    {
        var found = new List<IReadOnlyList<DeadLetterEntry>>();
        if (owned.Count == 0 || (await CountAsync(generation, cancellation)).WithRequest == 0)
            return found;
        var ofOwned = QueryJson.Terms("partition", owned.Select(partition => partition.Partition));
        await foreach (var key in search.KeysAsync(generation, ofOwned, cancellation))
        {
            if (!key.HasFirstRequest)
                continue;
            await foreach (var page in search.AllAsync(generation, QueryJson.Term("key", key.Key), cancellation, maxEventsPerKey))
            {
                // The request may be completed by now.
                if (page[0].Entry.Request is not null)
                    found.Add([.. page.Select(document => document.Entry)]);
                break;
            }

            if (found.Count == maxKeys)
                break;
        }

        return found;
    }

    /// <summary>Removes all dead letters of a generation.</summary>
    public async Task RemoveAsync(int generation, CancellationToken cancellation)
    {
        known.TryRemove(generation, out _);
        await search.RefreshAsync(cancellation);
        await foreach (var page in search.AllAsync(generation, "", cancellation))
            await DeleteAsync(page.Select(document => document.Id), cancellation);
    }

    private async Task<DeadLetterKeys> LoadAsync(int generation, CancellationToken cancellation)
    {
        var keys = new List<KeyValuePair<string, long>>();
        await foreach (var key in search.KeysAsync(generation, "", cancellation))
            keys.Add(KeyValuePair.Create(key.Key, key.Last));
        return known[generation] = new DeadLetterKeys(keys);
    }

    private async Task<long?> LastOffsetAsync(int generation, string key, CancellationToken cancellation)
    {
        await foreach (var found in search.KeysAsync(generation, QueryJson.Term("key", key), cancellation))
            return found.Last;
        return null;
    }

    /// <summary>Changes all documents that match a filter. Documents that were changed meanwhile are read again.</summary>
    private async Task<long> ChangeAsync(
        int generation, string filter, Func<DeadLetterDocument, DeadLetterEntry?> change, CancellationToken cancellation)
    {
        var changed = 0L;
        while (true)
        {
            var allConflicts = 0;
            await foreach (var page in search.AllAsync(generation, filter, cancellation))
            {
                using var body = new BulkBody();
                foreach (var document in page)
                {
                    if (change(document) is { } next)
                        DeadLetterDocument.Add(body, generation, next, document);
                }

                if (body.Count == 0)
                    continue;
                var conflicts = await bulk.SendAsync(names.Registry, body, refresh: true, RetryPolicy.OfSteps, cancellation);
                changed += body.Count - conflicts;
                allConflicts += conflicts;
            }

            if (allConflicts == 0)
                return changed;
            await search.RefreshAsync(cancellation);
        }
    }

    private async Task DeleteAsync(IEnumerable<string> ids, CancellationToken cancellation)
    {
        foreach (var chunk in ids.Chunk(DeadLetterSearch.PageSize))
        {
            using var body = new BulkBody();
            foreach (var id in chunk)
                body.Delete(id);
            await bulk.SendAsync(names.Registry, body, refresh: true, RetryPolicy.OfSteps, cancellation);
        }
    }

    private static LogPartition PartitionOf(LogRecord record) => new(record.Log, record.Partition);

    private static string IdOf(int generation, LogRecord record) =>
        DeadLetterDocument.IdOf(generation, PartitionOf(record), record.Offset);
}
