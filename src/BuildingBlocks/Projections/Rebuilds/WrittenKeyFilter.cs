using System.Runtime.InteropServices;

namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// The keys that a rebuild has written, in about 4 bytes a key, so that rows of new keys are not looked up in the store. It has false
/// positives but no false negatives: a Bloom filter (B. H. Bloom, 1970) that grows by further filters (P. S. Almeida et al., Scalable Bloom
/// Filters, 2007).
/// </summary>
internal sealed class WrittenKeyFilter<TKey>
    where TKey : struct, IEquatable<TKey>
{
    // A false positive in 200,000 keys: most batches of thousands of new keys need no lookup.
    private const int BitsPerKey = 32;
    private const int Probes = 8;
    private const int MinKeys = 1 << 16;

    // 32 MB in all. Beyond that the last filter gets fuller, with more false positives.
    private const int MaxKeys = 1 << 22;

    private readonly List<ulong[]> filters = [];
    private int room;

    public bool IsEmpty => filters.Count == 0;

    public void Add(TKey key)
    {
        if (room == 0 && (filters.Count == 0 || CapacityOf(filters[^1]) < MaxKeys))
        {
            room = filters.Count == 0 ? MinKeys : CapacityOf(filters[^1]) * 2;
            filters.Add(new ulong[room * BitsPerKey / 64]);
        }

        room = Math.Max(0, room - 1);
        var filter = filters[^1];
        var (position, step) = HashOf(key);
        for (var probe = 0; probe < Probes; probe++, position += step)
            filter[Word(filter, position)] |= 1UL << (int)(position & 63);
    }

    public bool MayContain(TKey key)
    {
        var (position, step) = HashOf(key);
        foreach (var filter in filters)
        {
            if (MayContain(filter, position, step))
                return true;
        }

        return false;
    }

    private static bool MayContain(ulong[] filter, uint position, uint step)
    {
        for (var probe = 0; probe < Probes; probe++, position += step)
        {
            if ((filter[Word(filter, position)] & (1UL << (int)(position & 63))) == 0)
                return false;
        }

        return true;
    }

    private static int CapacityOf(ulong[] filter) => filter.Length * 64 / BitsPerKey;

    private static int Word(ulong[] filter, uint position) => (int)(position >> 6) & (filter.Length - 1);

    // The position of the first bit and the step to the next: two hashes serve for all probes (Kirsch and Mitzenmacher, 2006).
    private static (uint Position, uint Step) HashOf(TKey key)
    {
        // The 32 bits of the hash code of an id would collide too often among a million keys.
        var hash = key is Guid id ? HashOf(id) : Mixed((uint)key.GetHashCode());
        return ((uint)hash, (uint)(hash >> 32) | 1);
    }

    private static ulong HashOf(Guid id)
    {
        var halves = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in id));
        return Mixed(halves[0] ^ Mixed(halves[1]));
    }

    // The finalizer of SplitMix64 (S. Vigna): each bit of the number changes half of the others.
    private static ulong Mixed(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
