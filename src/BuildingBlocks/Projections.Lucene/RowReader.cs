using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Reads rows of an index as their JSON, by key or in the order of the keys.</summary>
internal static class RowReader
{
    private const int NoMore = DocIdSetIterator.NO_MORE_DOCS;

    /// <summary>Rows by key.</summary>
    /// <param name="reader">The index.</param>
    /// <param name="keys">The keys, as text.</param>
    /// <param name="found">Told each key that there is, with the row's JSON.</param>
    public static void Find(IndexReader reader, IEnumerable<string> keys, Action<string, byte[]> found)
    {
        // In the order of the terms: neighbours lie in the same block.
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

    /// <summary>Rows in the order of their keys as text.</summary>
    /// <param name="reader">The index.</param>
    /// <param name="after">The key before the first; null for all.</param>
    /// <param name="limit">The most to read.</param>
    public static List<byte[]> Scan(IndexReader reader, string? after, int limit)
    {
        var rows = new List<byte[]>();
        if (MultiFields.GetTerms(reader, LuceneFields.Key) is not { } terms)
            return rows;
        var (term, live, docs, visitor) = (terms.GetEnumerator(), MultiFields.GetLiveDocs(reader), default(DocsEnum), new RowVisitor(LuceneFields.Row));
        for (var there = Begin(term, after); there && rows.Count < limit; there = term.MoveNext())
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
