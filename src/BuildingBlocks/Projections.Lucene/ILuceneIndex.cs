using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>Where queries search the rows of a projection; one a projection, by its name as key. A look never blocks the writer, and none sees less than one before it, whatever generation is live.</summary>
public interface ILuceneIndex
{
    /// <summary>Looks at the live rows.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="read">Reads.</param>
    /// <exception cref="ReadModelBuildingException">There is no live generation: it is being built for the first time, or anew.</exception>
    T Read<T>(Func<LuceneSearch, T> read);

    /// <summary>Looks at a snapshot that an operator made.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="snapshot">Its name, as the caller gave it.</param>
    /// <param name="read">Reads.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was read, or that there is no such snapshot.</returns>
    Task<Result<T>> ReadAsync<T>(string snapshot, Func<LuceneSearch, T> read, CancellationToken cancellation);
}
