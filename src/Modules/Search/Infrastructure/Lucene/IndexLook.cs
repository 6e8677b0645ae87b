using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Util;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Runs a search on an index as it stands.</summary>
internal static class IndexLook
{
    // By score, then by id: the same in every index of the same rows, wherever its documents lie.
    private static readonly Sort ByScoreAndId = new(SortField.FIELD_SCORE, new SortField(IndexFields.Id, SortFieldType.STRING));

    /// <summary>The hits as Lucene names them, and how many there are in all.</summary>
    public static (IReadOnlyList<LuceneHit> Hits, long Total) Run(IndexReader index, IndexSearch search)
    {
        var found = new IndexSearcher(index) { Similarity = WorthOnly.Instance }.SearchAfter(
            search.After is { } after ? PlaceOf(after) : null, Filtered(LuceneQueries.Of(search.Node), search.Filter), null, search.Limit, ByScoreAndId, doDocScores: false, doMaxScore: false);
        return ([.. found.ScoreDocs.Cast<FieldDoc>().Select(hit => new LuceneHit(hit.Doc, (int)((J2N.Numerics.Number)hit.Fields[0]).ToSingle()))], found.TotalHits);
    }

    /// <summary>The documents of some ids.</summary>
    public static IReadOnlyList<int> Find(IndexReader index, IReadOnlyCollection<Guid> ids) => ids.Count == 0 ? [] :
        [.. new IndexSearcher(index).Search(new ConstantScoreQuery(new TermsFilter(IndexFields.Id, [.. ids.Select(id => id.ToString())])), ids.Count).ScoreDocs.Select(hit => hit.Doc)];

    // After every document of that place, whatever its number.
    private static FieldDoc PlaceOf(SearchPlace place) => new(int.MaxValue, place.Score, [J2N.Numerics.Single.GetInstance(place.Score), new BytesRef(place.Id.ToString())]);

    private static Query Filtered(Query query, SearchFilter filter)
    {
        if (filter == SearchFilter.None)
            return query;

        var filtered = new BooleanQuery(disableCoord: true) { { query, Occur.MUST } };
        if (filter.Status is { } status)
            filtered.Add(ForNothing(new TermQuery(new Term(IndexFields.Status, status))), Occur.MUST);
        if (filter.From is not null || filter.To is not null)
            filtered.Add(ForNothing(NumericRangeQuery.NewInt64Range(IndexFields.At, IndexFields.TimeOf(filter.From), IndexFields.TimeOf(filter.To), minInclusive: true, maxInclusive: false)), Occur.MUST);
        return filtered;
    }

    private static ConstantScoreQuery ForNothing(Query query) => new(query) { Boost = 0 };
}
