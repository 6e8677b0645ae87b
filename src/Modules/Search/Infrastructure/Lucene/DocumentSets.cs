using System.Buffers;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>The sets of documents of one search. Their memory goes back when it ends: a set of a large segment would be garbage of the kind that only a full collection takes away.</summary>
internal sealed class DocumentSets : IDisposable
{
    private readonly List<ulong[]> rented = [];

    /// <summary>An empty set.</summary>
    /// <param name="documents">How many documents the segment has.</param>
    public DocumentSet New(int documents)
    {
        var words = DocumentSet.WordsFor(documents);
        var bits = ArrayPool<ulong>.Shared.Rent(words);
        rented.Add(bits);
        bits.AsSpan(0, words).Clear();
        return new DocumentSet(bits, words);
    }

    public void Dispose()
    {
        foreach (var bits in rented)
            ArrayPool<ulong>.Shared.Return(bits);
        rented.Clear();
    }
}
