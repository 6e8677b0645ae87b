using System.Buffers;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>
/// Rents the bit sets of one search and returns their memory when it ends. Sets of large segments would otherwise be garbage on the large
/// object heap.
/// </summary>
internal sealed class DocumentSetPool : IDisposable
{
    private readonly List<long[]> rented = [];

    /// <summary>An empty set.</summary>
    /// <param name="documents">The number of documents of the segment.</param>
    public FixedBitSet Rent(int documents)
    {
        var words = FixedBitSet.Bits2words(documents);
        var bits = ArrayPool<long>.Shared.Rent(words);
        rented.Add(bits);
        bits.AsSpan(0, words).Clear();
        return new FixedBitSet(bits, documents);
    }

    public void Dispose()
    {
        foreach (var bits in rented)
            ArrayPool<long>.Shared.Return(bits);
        rented.Clear();
    }
}

internal static class FixedBitSetExtensions
{
    /// <summary>The first document at or after <paramref name="document"/>, or <see cref="DocIdSetIterator.NO_MORE_DOCS"/>.</summary>
    public static int NextDocument(this FixedBitSet set, int document) =>
        document < set.Length && set.NextSetBit(document) is >= 0 and var next ? next : DocIdSetIterator.NO_MORE_DOCS;

    /// <summary>A copy that does not use rented memory.</summary>
    public static FixedBitSet Copy(this FixedBitSet set) => new(set.GetBits()[..FixedBitSet.Bits2words(set.Length)], set.Length);
}
