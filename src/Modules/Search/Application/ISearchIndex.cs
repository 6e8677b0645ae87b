using Monolith.BuildingBlocks.Domain;

namespace Monolith.Modules.Search.Application;

/// <summary>An index as queries see it, whichever store it lies in: the same hits with the same scores in the same order.</summary>
/// <typeparam name="TRow">What is indexed.</typeparam>
internal interface ISearchIndex<TRow>
{
    /// <summary>The best hits of a search, best first, those of one score by their ids.</summary>
    /// <param name="search">What is searched.</param>
    /// <param name="snapshot">The snapshot to search in; null for the rows as they are now.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The hits, or that there is no such snapshot.</returns>
    Task<Result<Found<TRow>>> SearchAsync(IndexSearch search, string? snapshot, CancellationToken cancellation);

    /// <summary>Rows by their ids; those that are not there are missing.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="snapshot">The snapshot to look in; null for the rows as they are now.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<Result<Dictionary<Guid, TRow>>> FindAsync(IReadOnlyCollection<Guid> ids, string? snapshot, CancellationToken cancellation);
}
