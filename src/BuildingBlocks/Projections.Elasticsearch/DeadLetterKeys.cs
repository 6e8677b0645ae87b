using System.Collections.Concurrent;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>
/// The keys with dead letters, each with the offset of its last one. Cached by the owner of their partitions, which is the only writer, so
/// batches do not query them.
/// </summary>
internal sealed class DeadLetterKeys(IEnumerable<KeyValuePair<string, long>> known)
{
    private readonly ConcurrentDictionary<string, long> lasts = new(known);

    /// <summary>
    /// Whether a key has dead letters. Already applied ones do not count: they remain if a host ends between applying and removing them.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="applied">The next offset to apply to the row.</param>
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
