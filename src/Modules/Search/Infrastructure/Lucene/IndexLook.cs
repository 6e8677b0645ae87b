using Lucene.Net.Index;
using Lucene.Net.Search;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Runs a search on an index as it stands.</summary>
internal static class IndexLook
{
    /// <summary>The hits as Lucene names them, and how many there are in all.</summary>
    public static (IReadOnlyList<LuceneHit> Hits, long Total) Run(IndexReader index, IndexSearch search)
    {
        using var sets = new DocumentSets();
        var best = new BestHits(search.Limit, search.After, [.. FiltersOf(search.Filter)]);
        new IndexSearcher(index) { Similarity = WorthOnly.Instance }.Search(new LuceneQueries(sets).Of(search.Node), best);
        return (best.Take(), best.Total);
    }

    /// <summary>The documents of some ids.</summary>
    public static IReadOnlyList<int> Find(IndexReader index, IReadOnlyCollection<Guid> ids) => ids.Count == 0 ? [] :
        [.. new IndexSearcher(index).Search(new ConstantScoreQuery(new TermsFilter(IndexFields.Id, [.. ids.Select(id => id.ToString())])), ids.Count).ScoreDocs.Select(hit => hit.Doc)];

    private static IEnumerable<Filter> FiltersOf(SearchFilter filter)
    {
        if (filter.Status is { } status)
            yield return new FieldCacheTermsFilter(IndexFields.Status, status);
        if (filter.From is not null || filter.To is not null)
            yield return FieldCacheRangeFilter.NewInt64Range(IndexFields.At, IndexFields.TimeOf(filter.From), IndexFields.TimeOf(filter.To), includeLower: true, includeUpper: false);
    }
}
