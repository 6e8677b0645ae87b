using System.Text;
using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Writes one field of row after row into the same instances; one a writing thread.</summary>
internal abstract class FieldWriter<TRow>
{
    /// <summary>The longest term that an index takes, in UTF-8.</summary>
    private const int MostTermBytes = 32_766;
    private const int MostBytesOfAChar = 3;

    /// <summary>Adds the row's field to a document.</summary>
    /// <returns>Why the index would refuse it; null where it does not.</returns>
    public abstract string? Add(TRow row, List<IIndexableField> document);

    protected static string? Refusal(string name, ReadOnlySpan<char> term) =>
        term.Length > MostTermBytes / MostBytesOfAChar && Encoding.UTF8.GetByteCount(term) is var bytes && bytes > MostTermBytes
            ? $"the field {name} has a term of {bytes} bytes, an index takes {MostTermBytes}"
            : null;
}
