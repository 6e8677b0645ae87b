using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The dead letters of one generation in memory, for stores that keep them as documents and are local to one process. Immutable: each
/// change returns a new set and the entries to write, so that a commit that fails leaves the old set valid.
/// </summary>
public sealed class DeadLetterSet
{
    private readonly SortedDictionary<long, DeadLetterEntry> entries;
    private readonly Dictionary<string, SortedSet<long>> byKey = [];
    private readonly Dictionary<(LogPartition, long), long> byOffset = [];
    private readonly long nextSequence;

    /// <summary>Creates the set from what a store holds.</summary>
    /// <param name="stored">The dead letters, in any order.</param>
    public DeadLetterSet(IEnumerable<DeadLetterEntry> stored)
    {
        entries = new SortedDictionary<long, DeadLetterEntry>(stored.ToDictionary(entry => entry.Sequence));
        foreach (var entry in entries.Values)
        {
            if (!byKey.TryGetValue(entry.Key, out var sequences))
                byKey.Add(entry.Key, sequences = []);
            sequences.Add(entry.Sequence);
            byOffset[entry.Offset] = entry.Sequence;
        }

        nextSequence = entries.Count == 0 ? 1 : entries.Keys.Last() + 1;
    }

    /// <summary>The number of dead letters.</summary>
    public int Count => entries.Count;

    /// <summary>The number of dead letters with a pending request.</summary>
    public int WithRequestCount => entries.Values.Count(entry => entry.Request is not null);

    /// <summary>All dead letters in the order of their sequence.</summary>
    public IEnumerable<DeadLetterEntry> All => entries.Values;

    /// <summary>The keys that have dead letters.</summary>
    public IReadOnlyCollection<string> Keys => byKey.Keys;

    /// <summary>Whether a key has dead letters.</summary>
    /// <param name="key">The key, as text.</param>
    public bool Has(string key) => byKey.ContainsKey(key);

    /// <summary>
    /// Adds and removes dead letters. An event that is in the set already keeps its sequence; its reason is replaced and its request is
    /// removed. The request of a removed dead letter passes to those of its key that remain.
    /// </summary>
    /// <param name="added">The events to add, each with its key as text; those of one key in order.</param>
    /// <param name="resolved">The events to remove.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Receives the entries to write, both new and changed ones.</param>
    public DeadLetterSet With(
        IEnumerable<(string Key, LogRecord Record, string? Reason)> added,
        IEnumerable<(LogPartition Partition, long Offset)> resolved,
        DateTimeOffset now,
        ICollection<DeadLetterEntry> written)
    {
        long[] removed = [.. resolved.Where(byOffset.ContainsKey).Select(offset => byOffset[offset]).Order()];
        // Before entries are added: an entry that gets a new reason loses its request.
        var changes = PassedRequests(removed).ToDictionary(entry => entry.Sequence);
        var sequence = nextSequence;
        foreach (var (key, record, reason) in added)
        {
            var entry = byOffset.TryGetValue((new LogPartition(record.Log, record.Partition), record.Offset), out var known)
                ? changes.GetValueOrDefault(known, entries[known]) with { Reason = reason, Request = null }
                : new DeadLetterEntry(sequence++, key, record, reason, now, null, null);
            changes[entry.Sequence] = entry;
        }

        var all = new Dictionary<long, DeadLetterEntry>(entries);
        foreach (var entry in changes.Values)
            all[entry.Sequence] = entry;
        foreach (var gone in removed)
        {
            all.Remove(gone);
            changes.Remove(gone);
        }

        foreach (var entry in changes.Values)
            written.Add(entry);
        return new DeadLetterSet(all.Values);
    }

    /// <summary>Adds a request to dead letters.</summary>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">The request.</param>
    /// <param name="operation">The operation that requests it.</param>
    /// <param name="written">Receives the entries to write.</param>
    public DeadLetterSet WithRequest(string? key, DeadLetterRequest request, Guid operation, ICollection<DeadLetterEntry> written) =>
        Change(
        entry => key is null || entry.Key == key, entry => entry with { Request = request, Operation = operation }, written);

    /// <summary>Removes the requests of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="written">Receives the entries to write.</param>
    public DeadLetterSet WithoutRequest(Guid operation, ICollection<DeadLetterEntry> written) => Change(
        entry => entry.Operation == operation, entry => entry with { Request = null, Operation = null }, written);

    /// <summary>The progress of an operation: the first dead letter of a key tells whether the request for the key is pending.</summary>
    /// <param name="operation">The operation.</param>
    public RequestProgress ProgressOf(Guid operation) => new(
        Firsts.Count(entry => entry.Operation == operation && entry.Request is not null),
        entries.Values.Count(entry => entry.Operation == operation));

    /// <summary>
    /// Keys with a pending request, among those whose first dead letter belongs to one of the given partitions, with their first dead
    /// letters.
    /// </summary>
    /// <param name="owned">The partitions.</param>
    /// <param name="maxKeys">The maximum number of keys.</param>
    /// <param name="maxEventsPerKey">The maximum number of events of each key.</param>
    public IEnumerable<(DeadLetterEntry First, IReadOnlyList<DeadLetterEntry> Entries)> PendingRequests(
        IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey) =>
        Firsts.Where(entry => entry.Request is not null && owned.Contains(entry.Offset.Partition))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Take(maxKeys)
            .Select(first => (
                first, (IReadOnlyList<DeadLetterEntry>)[.. byKey[first.Key].Take(maxEventsPerKey).Select(sequence => entries[sequence])]));

    /// <summary>Lists the dead letters for an operator.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The sequence of the last dead letter before; 0 for the first list.</param>
    /// <param name="limit">The maximum number.</param>
    public IReadOnlyList<DeadLetter> List(string projection, int generation, long after, int limit) =>
    [
        .. entries.Values.SkipWhile(entry => entry.Sequence <= after).Take(limit).Select(entry => new DeadLetter(
            projection,
            generation,
            entry.Key,
            entry.Record.EventId,
            entry.Record.Type,
            entry.Record.Log,
            entry.Record.Partition,
            entry.Record.Offset,
            entry.Reason,
            entry.AddedAt,
            entry.Request?.ToString().ToLowerInvariant(),
            entry.Sequence)),
    ];

    private IEnumerable<DeadLetterEntry> Firsts => byKey.Values.Select(sequences => entries[sequences.Min]);

    // A request is for the whole key: a later event of it may have become a dead letter after the events of the request were read.
    private IEnumerable<DeadLetterEntry> PassedRequests(long[] removed) =>
        from done in removed.Select(sequence => entries[sequence]).Where(entry => entry.Request is not null).DistinctBy(entry => entry.Key)
        from sequence in byKey[done.Key]
        where entries[sequence].Request is null
        select entries[sequence] with { Request = done.Request, Operation = done.Operation };

    private DeadLetterSet Change(
        Func<DeadLetterEntry, bool> condition, Func<DeadLetterEntry, DeadLetterEntry> change, ICollection<DeadLetterEntry> written)
    {
        var all = new List<DeadLetterEntry>(entries.Count);
        foreach (var entry in entries.Values)
        {
            var after = condition(entry) ? change(entry) : entry;
            all.Add(after);
            if (!ReferenceEquals(after, entry))
                written.Add(after);
        }

        return new DeadLetterSet(all);
    }
}
