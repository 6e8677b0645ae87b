using System.Numerics;
using Lucene.Net.Search;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A set of a segment's documents, a bit each.</summary>
internal readonly struct DocumentSet(ulong[] bits, int words)
{
    private const int Shift = 6;

    public static int WordsFor(int documents) => (documents + (1 << Shift) - 1) >> Shift;

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in bits.AsSpan(0, words))
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    public void Add(int document) => bits[document >> Shift] |= 1UL << document;

    public void Add(DocIdSetIterator documents)
    {
        while (documents.NextDoc() is not DocIdSetIterator.NO_MORE_DOCS and var document)
            Add(document);
    }

    /// <summary>The same set in memory of its own.</summary>
    public DocumentSet Copy() => new(bits[..words], words);

    /// <summary>The first document of the set from one on; <see cref="DocIdSetIterator.NO_MORE_DOCS"/> where there is none.</summary>
    public int From(int document)
    {
        var word = document >> Shift;
        if (word >= words)
            return DocIdSetIterator.NO_MORE_DOCS;
        var rest = bits[word] & (ulong.MaxValue << document);
        while (rest == 0)
        {
            if (++word == words)
                return DocIdSetIterator.NO_MORE_DOCS;
            rest = bits[word];
        }

        return (word << Shift) + BitOperations.TrailingZeroCount(rest);
    }
}
