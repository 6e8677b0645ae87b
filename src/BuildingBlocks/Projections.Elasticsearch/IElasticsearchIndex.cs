using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch;

/// <summary>Searches the rows of a projection; a keyed service with the projection's name as key.</summary>
public interface IElasticsearchIndex
{
    /// <summary>Searches the live generation or a snapshot.</summary>
    /// <param name="request">The body of a search request, as JSON.</param>
    /// <param name="snapshot">The name of the snapshot; null for the live generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The hits, or an error if the snapshot does not exist.</returns>
    /// <exception cref="ReadModelBuildingException">There is no live generation.</exception>
    /// <exception cref="StorageUnavailableException">Elasticsearch is not available.</exception>
    Task<Result<ElasticsearchHits>> SearchAsync(ReadOnlyMemory<byte> request, string? snapshot, CancellationToken cancellation);
}
