using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Projections.DuckDb;

/// <summary>Opens sessions to query projections in DuckDB.</summary>
public interface IDuckDbReads
{
    /// <summary>Opens a session over the live generations of projections.</summary>
    /// <param name="projections">The projections.</param>
    /// <param name="cancellation">Cancels waiting for a free session.</param>
    /// <exception cref="Events.ReadModelBuildingException">A projection has no live generation.</exception>
    Task<DuckDbSession> OpenAsync(IReadOnlyList<string> projections, CancellationToken cancellation);

    /// <summary>Opens a session over a snapshot of a projection.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="snapshot">The name of the snapshot.</param>
    /// <param name="cancellation">Cancels waiting for a free session.</param>
    /// <returns>The session, or an error if the snapshot does not exist.</returns>
    Task<Result<DuckDbSession>> OpenSnapshotAsync(string projection, string snapshot, CancellationToken cancellation);
}

/// <summary>The generations of a projection for readers; a keyed service with the projection's name as key.</summary>
internal interface IDuckDbGenerations
{
    /// <summary>Enters the live generation, which is not removed until <see cref="DuckDbFile.Leave"/>.</summary>
    /// <exception cref="Events.ReadModelBuildingException">There is no live generation.</exception>
    DuckDbFile EnterLive();

    /// <summary>Enters a generation; null if it does not exist.</summary>
    DuckDbFile? Enter(int generation);
}
