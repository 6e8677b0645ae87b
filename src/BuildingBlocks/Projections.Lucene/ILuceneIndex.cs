using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>
/// Reads the index of a projection; a keyed service with the projection's name as key. Reads never block the writer and never go back in
/// time, even if another generation is promoted.
/// </summary>
public interface ILuceneIndex
{
    /// <summary>Reads the live generation.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="read">Reads from the index.</param>
    /// <exception cref="ReadModelBuildingException">There is no live generation: it is being built or rebuilt.</exception>
    T Read<T>(Func<LuceneSearch, T> read);

    /// <summary>Reads a snapshot.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="snapshot">The name of the snapshot.</param>
    /// <param name="read">Reads from the index.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The result, or an error if the snapshot does not exist.</returns>
    Task<Result<T>> ReadAsync<T>(string snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation);
}
