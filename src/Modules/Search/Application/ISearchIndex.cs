using Monolith.BuildingBlocks.Domain;
using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>An index of rows. Every store returns the same hits with the same scores in the same order.</summary>
internal interface ISearchIndex<TRow>
{
    /// <summary>The best hits, by score descending, then by id.</summary>
    /// <param name="search">The search.</param>
    /// <param name="snapshot">The name of a snapshot; null for the current rows.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The hits; an error if the snapshot does not exist.</returns>
    Task<Result<SearchResult<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation);

    /// <summary>The rows with these ids; unknown ids are left out.</summary>
    Task<Result<Dictionary<Guid, TRow>>> FindAsync(IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation);
}

/// <summary>A search in one index.</summary>
/// <param name="Node">The scoring query.</param>
/// <param name="Filter">Conditions that do not score.</param>
/// <param name="Limit">The maximum number of hits.</param>
/// <param name="After">Returns only hits after this one; null for the first page.</param>
internal sealed record IndexSearch(SearchNode Node, SearchFilter Filter, int Limit, SearchCursor? After = null);

/// <summary>Conditions that hits must satisfy and that do not score.</summary>
/// <param name="Status">The status; null for any.</param>
/// <param name="From">Registered or placed at this time or later.</param>
/// <param name="To">Registered or placed before this time.</param>
internal sealed record SearchFilter(string? Status = null, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public static SearchFilter None { get; } = new();
}

/// <summary>The hits of a search.</summary>
/// <param name="Hits">At most <see cref="IndexSearch.Limit"/> hits, best first.</param>
/// <param name="Total">The exact number of all hits.</param>
internal sealed record SearchResult<TRow>(IReadOnlyList<Hit<TRow>> Hits, long Total);

internal sealed record Hit<TRow>(int Score, TRow Row);
