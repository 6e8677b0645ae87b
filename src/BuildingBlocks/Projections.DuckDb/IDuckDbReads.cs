using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Where queries find the rows of projections that are kept in DuckDB.</summary>
public interface IDuckDbReads
{
    /// <summary>Opens a read of the live generations of some projections.</summary>
    /// <param name="projections">The projections.</param>
    /// <param name="cancellation">Gives up waiting for a turn.</param>
    /// <exception cref="Events.ReadModelBuildingException">One of them has never been built.</exception>
    Task<DuckDbSession> OpenAsync(IReadOnlyList<string> projections, CancellationToken cancellation);

    /// <summary>Opens a read of a snapshot of one projection.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="snapshot">The snapshot's name, as the caller gave it.</param>
    /// <param name="cancellation">Gives up waiting for a turn.</param>
    /// <returns>The read, or that there is no such snapshot.</returns>
    Task<Result<DuckDbSession>> OpenSnapshotAsync(string projection, string snapshot, CancellationToken cancellation);
}
