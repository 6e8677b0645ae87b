using Lucene.Net.Index;
using Lucene.Net.Search;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>The fields of an index that the store maintains.</summary>
public static class LuceneFields
{
    /// <summary>The key of a row, as a single term.</summary>
    public const string Key = "_key";

    /// <summary>The row as stored JSON.</summary>
    public const string Row = "_row";

    internal const string Kind = "_kind";
    internal const string Place = "_place";
    internal const string Letter = "_letter";
    internal const string DeadLetterKind = "parked";

    /// <summary>All rows, without dead letters. Queries over fields of the mapping need no such filter.</summary>
    public static Query AllRows => new BooleanQuery { { new MatchAllDocsQuery(), Occur.MUST }, { DeadLetters, Occur.MUST_NOT } };

    internal static Query DeadLetters => new TermQuery(new Term(Kind, DeadLetterKind));
}
