using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Documents that have one of many terms: thousands of ids cost one walk through the index's sorted terms, not a clause each.</summary>
internal sealed class TermsFilter : Filter
{
    private readonly string field;
    private readonly BytesRef[] terms;

    public TermsFilter(string field, IReadOnlyCollection<string> values)
    {
        this.field = field;
        terms = [.. values.Select(value => new BytesRef(value))];
        Array.Sort(terms);
    }

    public override DocIdSet? GetDocIdSet(AtomicReaderContext context, IBits acceptDocs)
    {
        var reader = context.AtomicReader;
        if (reader.GetTerms(field) is not { } indexed)
            return null;

        var walk = indexed.GetEnumerator();
        FixedBitSet? found = null;
        DocsEnum? documents = null;
        foreach (var term in terms)
        {
            if (!walk.SeekExact(term))
                continue;
            documents = walk.Docs(acceptDocs, documents, DocsFlags.NONE);
            while (documents.NextDoc() is not DocIdSetIterator.NO_MORE_DOCS and var document)
                (found ??= new FixedBitSet(reader.MaxDoc)).Set(document);
        }

        return found;
    }
}
