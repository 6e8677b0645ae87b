using System.Collections.Concurrent;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.DeadLetters;

/// <summary>
/// The keys of a generation that are parked, with the last parked event of each, as the owner of their partitions knows them: only it parks and unparks them. So no batch asks for them.
/// </summary>
internal sealed class DeadLetterKeys(IEnumerable<KeyValuePair<string, long>> known)
{
    private readonly ConcurrentDictionary<string, long> lasts = new(known);

    /// <summary>Whether a key is parked. What its row has seen already is not: it was left over when somebody ended between applying it and removing it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="applied">The offset after the last event that its row has seen.</param>
    public bool Has(string key, long applied) => lasts.TryGetValue(key, out var last) && last >= applied;

    public void Add(string key, long offset) => lasts.AddOrUpdate(key, offset, (_, last) => Math.Max(last, offset));

    public void Set(string key, long? offset)
    {
        if (offset is { } last)
            lasts[key] = last;
        else
            lasts.TryRemove(key, out _);
    }
}
