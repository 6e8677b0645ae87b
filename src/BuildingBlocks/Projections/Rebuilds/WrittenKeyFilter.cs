using System.Runtime.InteropServices;

namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// Remembers which keys a build has written, in some 4 bytes a key, so that it need not ask the store for keys that are new to it. It may take a new key for one that was written, never the other way
/// round: a Bloom filter (B. H. Bloom, 1970), one beside another as they fill up (P. S. Almeida et al., Scalable Bloom Filters, 2007).
/// </summary>
internal sealed class WrittenKeyFilter<TKey>
    where TKey : struct, IEquatable<TKey>
{
    // One new key in 200,000 is taken for a known one: a batch of thousands is mostly spared the look altogether.
    private const int BitsOfEach = 32;
    private const int Probes = 8;
    private const int FewestKeys = 1 << 16;

    /// <summary>32 MB in all. From there on the last one gets fuller than it should, and errs more often.</summary>
    private const int MostKeys = 1 << 22;

    private readonly List<ulong[]> filters = [];
    private int room;

    public bool IsEmpty => filters.Count == 0;

    public void Add(TKey key)
    {
        if (room == 0 && (filters.Count == 0 || KeysOf(filters[^1]) < MostKeys))
        {
            room = filters.Count == 0 ? FewestKeys : KeysOf(filters[^1]) * 2;
            filters.Add(new ulong[room * BitsOfEach / 64]);
        }

        room = Math.Max(0, room - 1);
        var filter = filters[^1];
        var (place, step) = HashOf(key);
        for (var probe = 0; probe < Probes; probe++, place += step)
            filter[Word(filter, place)] |= 1UL << (int)(place & 63);
    }

    public bool MayContain(TKey key)
    {
        var (place, step) = HashOf(key);
        foreach (var filter in filters)
        {
            if (MayContain(filter, place, step))
                return true;
        }

        return false;
    }

    private static bool MayContain(ulong[] filter, uint place, uint step)
    {
        for (var probe = 0; probe < Probes; probe++, place += step)
        {
            if ((filter[Word(filter, place)] & (1UL << (int)(place & 63))) == 0)
                return false;
        }

        return true;
    }

    private static int KeysOf(ulong[] filter) => filter.Length * 64 / BitsOfEach;

    private static int Word(ulong[] filter, uint place) => (int)(place >> 6) & (filter.Length - 1);

    /// <summary>The place of the first bit and the step to the next: two hashes serve for all (Kirsch and Mitzenmacher, 2006).</summary>
    private static (uint Place, uint Step) HashOf(TKey key)
    {
        // An id has more to tell than the 32 bits of its hash code, by which a million keys would be mistaken for one another too often.
        var hash = key is Guid id ? HashOf(id) : Mixed((uint)key.GetHashCode());
        return ((uint)hash, (uint)(hash >> 32) | 1);
    }

    private static ulong HashOf(Guid id)
    {
        var halves = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in id));
        return Mixed(halves[0] ^ Mixed(halves[1]));
    }

    /// <summary>The finalizer of SplitMix64 (S. Vigna): each bit of the number changes half of the others.</summary>
    private static ulong Mixed(ulong number)
    {
        number += 0x9E3779B97F4A7C15;
        number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9;
        number = (number ^ (number >> 27)) * 0x94D049BB133111EB;
        return number ^ (number >> 31);
    }
}
