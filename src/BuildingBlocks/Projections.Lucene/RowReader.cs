using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Reads rows as JSON, by key or in key order.</summary>
internal static class RowReader
{
    private const int NoMore = DocIdSetIterator.NO_MORE_DOCS;

    /// <summary>Reads rows by key.</summary>
    /// <param name="reader">The index.</param>
    /// <param name="keys">The keys, as text.</param>
    /// <param name="found">Called with each existing key and the JSON of its row.</param>
    public static void Find(IndexReader reader, IEnumerable<string> keys, Action<string, byte[]> found)
    {
        // In term order: adjacent terms are in the same block of the file.
        var missing = keys.Distinct().Order(StringComparer.Ordinal).Select(key => (Key: key, Term: new BytesRef(key))).ToList();
        var visitor = new RowVisitor(LuceneFields.Row);
        foreach (var leaf in reader.Leaves)
        {
            if (missing.Count == 0)
                return;
            if (leaf.AtomicReader.GetTerms(LuceneFields.Key) is not { } terms)
                continue;
            var (term, docs, live) = (terms.GetEnumerator(), default(DocsEnum), leaf.AtomicReader.LiveDocs);
            missing.RemoveAll(entry =>
            {
                if (!term.SeekExact(entry.Term))
                    return false;
                docs = term.Docs(live, docs, DocsFlags.NONE);
                if (docs.NextDoc() is var document && document == NoMore)
                    return false;
                leaf.AtomicReader.Document(document, visitor.Empty());
                found(entry.Key, visitor.Bytes!);
                return true;
            });
        }
    }

    /// <summary>Reads rows in the order of their keys as text.</summary>
    /// <param name="reader">The index.</param>
    /// <param name="after">Starts after this key; null for the first one.</param>
    /// <param name="limit">The maximum number of rows.</param>
    public static List<byte[]> Scan(IndexReader reader, string? after, int limit)
    {
        var rows = new List<byte[]>();
        if (MultiFields.GetTerms(reader, LuceneFields.Key) is not { } terms)
            return rows;
        var (term, live, docs) = (terms.GetEnumerator(), MultiFields.GetLiveDocs(reader), default(DocsEnum));
        var visitor = new RowVisitor(LuceneFields.Row);
        for (var hasTerm = Begin(term, after); hasTerm && rows.Count < limit; hasTerm = term.MoveNext())
        {
            docs = term.Docs(live, docs, DocsFlags.NONE);
            if (docs.NextDoc() is var document && document == NoMore)
                continue;
            reader.Document(document, visitor.Empty());
            rows.Add(visitor.Bytes!);
        }

        return rows;
    }

    private static bool Begin(TermsEnum term, string? after)
    {
        if (after is null)
            return term.MoveNext();
        return term.SeekCeil(new BytesRef(after)) switch
        {
            TermsEnum.SeekStatus.FOUND => term.MoveNext(),
            TermsEnum.SeekStatus.NOT_FOUND => true,
            _ => false,
        };
    }
}
