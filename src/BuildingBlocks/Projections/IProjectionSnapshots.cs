using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Projections;

/// <summary>Where queries find the rows of a projection as of a time; one a projection, by its name as key.</summary>
public interface IProjectionSnapshots
{
    /// <summary>Reads from a snapshot that an operator created.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="snapshot">Its name, as the caller gave it.</param>
    /// <param name="read">Reads, given the relation that has the snapshot's rows and the columns of the live one.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>What was read, or that there is no such snapshot.</returns>
    Task<Result<T>> ReadAsync<T>(string snapshot, Func<string, Task<T>> read, CancellationToken cancellation);
}
