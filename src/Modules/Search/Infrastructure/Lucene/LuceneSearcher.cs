using Lucene.Net.Index;
using Lucene.Net.Search;
using Monolith.Modules.Search.Application;

namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>Runs searches on an index reader.</summary>
internal static class LuceneSearcher
{
    /// <summary>The best hits, and the number of all hits.</summary>
    public static (IReadOnlyList<ScoredDocument> Hits, long Total) Run(IndexReader index, IndexSearch search)
    {
        using var sets = new DocumentSetPool();
        var collector = new TopHitsCollector(search.Limit, search.After, [.. FiltersOf(search.Filter)]);
        var searcher = new IndexSearcher(index) { Similarity = ConstantScoreSimilarity.Instance };
        searcher.Search(new LuceneQueries(sets).Of(search.Node), collector);
        return (collector.TopHits(), collector.Total);
    }

    /// <summary>The documents with these ids.</summary>
    public static IReadOnlyList<int> Find(IndexReader index, IReadOnlyCollection<Guid> ids)
    {
        if (ids.Count == 0)
            return [];
        var filter = LuceneQueries.TermsFilterOf(IndexFields.Id, ids.Select(id => id.ToString()));
        return [.. new IndexSearcher(index).Search(new ConstantScoreQuery(filter), ids.Count).ScoreDocs.Select(hit => hit.Doc)];
    }

    private static IEnumerable<Filter> FiltersOf(SearchFilter filter)
    {
        if (filter.Status is { } status)
            yield return new FieldCacheTermsFilter(IndexFields.Status, status);
        if (filter.From is not null || filter.To is not null)
        {
            yield return FieldCacheRangeFilter.NewInt64Range(
                IndexFields.At, IndexFields.TimeOf(filter.From), IndexFields.TimeOf(filter.To), includeLower: true, includeUpper: false);
        }
    }
}
