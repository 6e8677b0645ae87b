namespace Monolith.Modules.Search.Application;

/// <summary>A page of hits.</summary>
/// <typeparam name="T">What was searched.</typeparam>
/// <param name="Items">The hits, best first.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="Next">The hit after which the next page starts; null on the last page.</param>
internal sealed record SearchPage<T>(IReadOnlyList<T> Items, long Total, SearchPlace? Next)
{
    /// <summary>A page of what was found for it: at most one hit more than it holds, which only says that there is a next page.</summary>
    public static SearchPage<T> Of<TRow>(Found<TRow> found, int limit, Func<TRow, Guid> id, Func<Hit<TRow>, T> item)
    {
        var hits = found.Hits.Take(limit).ToArray();
        return new SearchPage<T>([.. hits.Select(item)], found.Total, found.Hits.Count > limit ? new SearchPlace(hits[^1].Score, id(hits[^1].Row)) : null);
    }
}
