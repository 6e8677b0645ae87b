using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Where the rows of one projection live, with everything that belongs to them: the registry of generations and the checkpoints. There is no second place to agree with.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IProjectionStore<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>Makes the store and its first generation where they are missing. Safe to call from several processes at once.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The number of the generation to keep current.</returns>
    Task<int> PrepareAsync(ProjectionDefinition projection, CancellationToken cancellation);

    /// <summary>Takes ownership of partitions: each gets the next epoch, which fences whoever had it before.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The checkpoint of each.</returns>
    Task<IReadOnlyList<StartPoint>> TakeAsync(int generation, IReadOnlyList<LogPartition> partitions, CancellationToken cancellation);

    /// <summary>Begins a page.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The page; disposing it without a commit leaves nothing behind.</returns>
    Task<IStorePage<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation);
}
