using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Elasticsearch.Queries;

/// <summary>Where queries search the rows of a projection; one a projection, by its name as key.</summary>
public interface IElasticsearchIndex
{
    /// <summary>Searches the live rows, or a snapshot that an operator made.</summary>
    /// <param name="request">The body of a search request, as JSON.</param>
    /// <param name="snapshot">The snapshot's name, as the caller gave it; null for the live rows.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was found, or that there is no such snapshot.</returns>
    /// <exception cref="ReadModelBuildingException">There is no live generation.</exception>
    /// <exception cref="StorageUnavailableException">Elasticsearch is away.</exception>
    Task<Result<ElasticsearchHits>> SearchAsync(ReadOnlyMemory<byte> request, string? snapshot, CancellationToken cancellation);
}
