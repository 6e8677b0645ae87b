using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lucene.Net.Search;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A consistent view of an index, valid during one read.</summary>
public sealed class LuceneSearch
{
    internal LuceneSearch(IndexSearcher searcher) => Searcher = searcher;

    /// <summary>The searcher. Not valid after the read has ended.</summary>
    public IndexSearcher Searcher { get; }

    /// <summary>The row of a hit.</summary>
    /// <typeparam name="TRow">The row.</typeparam>
    /// <param name="document">The hit's document.</param>
    /// <param name="json">The row's JSON.</param>
    public TRow Row<TRow>(int document, JsonTypeInfo<TRow> json)
    {
        var visitor = new RowVisitor(LuceneFields.Row);
        Searcher.Doc(document, visitor);
        return JsonSerializer.Deserialize(visitor.Bytes, json)!;
    }

    /// <summary>The rows with these keys; unknown keys are left out.</summary>
    /// <typeparam name="TRow">The row.</typeparam>
    /// <param name="keys">The keys, as text.</param>
    /// <param name="json">The rows' JSON.</param>
    public Dictionary<string, TRow> Rows<TRow>(IEnumerable<string> keys, JsonTypeInfo<TRow> json)
    {
        var rows = new Dictionary<string, TRow>();
        RowReader.Find(Searcher.IndexReader, keys, (key, bytes) => rows.Add(key, JsonSerializer.Deserialize(bytes, json)!));
        return rows;
    }
}
