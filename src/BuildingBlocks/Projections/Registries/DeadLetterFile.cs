using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>
/// The parked events of one generation, in memory, for stores that keep them as documents and look at them in one process alone. It never changes: each step gives the next, with what has to be written,
/// so that a commit that fails leaves the old one.
/// </summary>
public sealed class DeadLetterFile
{
    private readonly SortedDictionary<long, DeadLetterEntry> letters;
    private readonly Dictionary<string, SortedSet<long>> byKey = [];
    private readonly Dictionary<(LogPartition, long), long> byPlace = [];
    private readonly long next;

    /// <summary>The letters that a store has.</summary>
    /// <param name="stored">The letters, in any order.</param>
    public DeadLetterFile(IEnumerable<DeadLetterEntry> stored)
    {
        letters = new SortedDictionary<long, DeadLetterEntry>(stored.ToDictionary(letter => letter.Sequence));
        foreach (var letter in letters.Values)
        {
            if (!byKey.TryGetValue(letter.Key, out var sequences))
                byKey.Add(letter.Key, sequences = []);
            sequences.Add(letter.Sequence);
            byPlace[letter.Place] = letter.Sequence;
        }

        next = letters.Count == 0 ? 1 : letters.Keys.Last() + 1;
    }

    /// <summary>How many there are.</summary>
    public int Count => letters.Count;

    /// <summary>How many of them are asked for.</summary>
    public int Asked => letters.Values.Count(letter => letter.Asked is not null);

    /// <summary>All of them, in the order in which they were parked.</summary>
    public IEnumerable<DeadLetterEntry> All => letters.Values;

    /// <summary>The keys that are parked.</summary>
    public IReadOnlyCollection<string> Keys => byKey.Keys;

    /// <summary>Whether a key is parked.</summary>
    /// <param name="key">The key, as text.</param>
    public bool Has(string key) => byKey.ContainsKey(key);

    /// <summary>
    /// Parks events and removes others. What is parked already keeps its place; it is no longer asked for once it says why it was parked again. What was asked of a removed one goes over to all that is
    /// parked of its key still.
    /// </summary>
    /// <param name="parked">What is parked, each with its key as text; those of one key in order.</param>
    /// <param name="unparked">What is parked no longer.</param>
    /// <param name="now">The time.</param>
    /// <param name="written">Receives the letters to write, new ones and changed ones.</param>
    public DeadLetterFile With(
        IEnumerable<(string Key, LogRecord Record, string? Reason)> parked, IEnumerable<(LogPartition Partition, long Offset)> unparked, DateTimeOffset now, ICollection<DeadLetterEntry> written)
    {
        long[] gone = [.. unparked.Where(byPlace.ContainsKey).Select(place => byPlace[place]).Order()];
        // Before anything is parked again: what says why it cannot be applied is no longer asked for.
        var changes = HandedOn(gone).ToDictionary(letter => letter.Sequence);
        var sequence = next;
        foreach (var (key, record, reason) in parked)
        {
            var place = (new LogPartition(record.Log, record.Partition), record.Offset);
            var letter = byPlace.TryGetValue(place, out var there)
                ? changes.GetValueOrDefault(there, letters[there]) with { Reason = reason, Asked = null }
                : new DeadLetterEntry(sequence++, key, record, reason, now, null, null);
            changes[letter.Sequence] = letter;
        }

        var all = new Dictionary<long, DeadLetterEntry>(letters);
        foreach (var letter in changes.Values)
            all[letter.Sequence] = letter;
        foreach (var removed in gone)
        {
            all.Remove(removed);
            changes.Remove(removed);
        }

        foreach (var letter in changes.Values)
            written.Add(letter);
        return new DeadLetterFile(all.Values);
    }

    /// <summary>Marks letters as asked for.</summary>
    /// <param name="key">One key; null for all.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="operation">The operation that asks.</param>
    /// <param name="written">Receives the letters to write.</param>
    public DeadLetterFile WithAsked(string? key, DeadLetterRequest request, Guid operation, ICollection<DeadLetterEntry> written) =>
        Changed(letter => key is null || letter.Key == key, letter => letter with { Asked = request, Operation = operation }, written);

    /// <summary>Takes the marks of an operation away.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="written">Receives the letters to write.</param>
    public DeadLetterFile WithoutAsked(Guid operation, ICollection<DeadLetterEntry> written) =>
        Changed(letter => letter.Operation == operation, letter => letter with { Asked = null, Operation = null }, written);

    /// <summary>How far an operation is. The first event of a key tells whether anybody still has to look at it.</summary>
    /// <param name="operation">The operation.</param>
    public RequestProgress ProgressOf(Guid operation) => new(
        Firsts.Count(letter => letter.Operation == operation && letter.Asked is not null), letters.Values.Count(letter => letter.Operation == operation));

    /// <summary>Keys that are asked for, among those whose first parked event lies in some partitions, with their first events.</summary>
    /// <param name="owned">The partitions.</param>
    /// <param name="mostKeys">How many keys.</param>
    /// <param name="mostOfEach">How many events of each.</param>
    public IEnumerable<(DeadLetterEntry First, IReadOnlyList<DeadLetterEntry> Letters)> AskedOf(IReadOnlyCollection<LogPartition> owned, int mostKeys, int mostOfEach) =>
        Firsts.Where(letter => letter.Asked is not null && owned.Contains(letter.Place.Partition))
            .OrderBy(letter => letter.Key, StringComparer.Ordinal)
            .Take(mostKeys)
            .Select(first => (first, (IReadOnlyList<DeadLetterEntry>)[.. byKey[first.Key].Take(mostOfEach).Select(sequence => letters[sequence])]));

    /// <summary>What an operator sees of them.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The sequence after which to begin; 0 for the first.</param>
    /// <param name="limit">The most to list.</param>
    public IReadOnlyList<DeadLetter> Shown(string projection, int generation, long after, int limit) =>
    [
        .. letters.Values.SkipWhile(letter => letter.Sequence <= after).Take(limit).Select(letter => new DeadLetter(
            projection, generation, letter.Key, letter.Record.EventId, letter.Record.Type, letter.Record.Log, letter.Record.Partition, letter.Record.Offset, letter.Reason, letter.ParkedAt,
            letter.Asked?.ToString().ToLowerInvariant(), letter.Sequence)),
    ];

    private IEnumerable<DeadLetterEntry> Firsts => byKey.Values.Select(sequences => letters[sequences.Min]);

    // What was asked is asked of the key. A later event of it may have been parked since the events were read: nobody else would look at that one.
    private IEnumerable<DeadLetterEntry> HandedOn(long[] gone) =>
        from done in gone.Select(sequence => letters[sequence]).Where(letter => letter.Asked is not null).DistinctBy(letter => letter.Key)
        from sequence in byKey[done.Key]
        where letters[sequence].Asked is null
        select letters[sequence] with { Asked = done.Asked, Operation = done.Operation };

    private DeadLetterFile Changed(Func<DeadLetterEntry, bool> which, Func<DeadLetterEntry, DeadLetterEntry> change, ICollection<DeadLetterEntry> written)
    {
        var all = new List<DeadLetterEntry>(letters.Count);
        foreach (var letter in letters.Values)
        {
            var after = which(letter) ? change(letter) : letter;
            all.Add(after);
            if (!ReferenceEquals(after, letter))
                written.Add(after);
        }

        return new DeadLetterFile(all);
    }
}
