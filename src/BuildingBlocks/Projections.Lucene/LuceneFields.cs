using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The fields of an index that the store itself keeps.</summary>
public static class LuceneFields
{
    /// <summary>The key of a row, as text: one term a row.</summary>
    public const string Key = "_key";

    /// <summary>The row as JSON, stored.</summary>
    public const string Row = "_row";

    internal const string Kind = "_kind";
    internal const string Place = "_place";
    internal const string Letter = "_letter";
    internal const string ParkedKind = "parked";

    /// <summary>All rows: what else the store keeps in the index is not among them. A query over fields of the mapping needs no such filter.</summary>
    public static Query AllRows => new BooleanQuery { { new MatchAllDocsQuery(), Occur.MUST }, { Parked, Occur.MUST_NOT } };

    internal static Query Parked => new TermQuery(new Term(Kind, ParkedKind));
}
