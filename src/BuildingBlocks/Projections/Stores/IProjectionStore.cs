using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Keeps the rows of one projection, separately for each generation, together with the registry, the checkpoints and the dead letters that
/// belong to them. All members may be called concurrently, from several generations and, unless
/// <see cref="IGenerationRegistry.Instance"/> is set, from several processes.
/// </summary>
/// <remarks>
/// A store that cannot be reached throws <c>StorageUnavailableException</c>: the engine then waits and tries again for as long as it takes.
/// Any other exception counts as a failure of the generation.
/// </remarks>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IProjectionStore<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>The registry of this store.</summary>
    IGenerationRegistry Registry { get; }

    /// <summary>
    /// Whether the store keeps with each row how far the log was applied to it, and returns that from
    /// <see cref="IStoreBatch{TKey, TRow}.AppliedOffsets"/>. Needed where rows and checkpoints are not written in one transaction; possible
    /// only for projections that are keyed by the stream.
    /// </summary>
    bool KeepsRowOffsets => false;

    /// <summary>The key of a row.</summary>
    /// <param name="row">The row.</param>
    TKey KeyOf(TRow row);

    /// <summary>
    /// Begins a batch. Under <see cref="WriterMode.Serialized"/> the store lets one batch of a generation at a time pass
    /// <see cref="IStoreBatch{TKey, TRow}.LoadAsync"/>; under <see cref="WriterMode.Concurrent"/> batches of different partitions overlap.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The batch. Disposing it without a commit changes nothing.</returns>
    Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation);

    /// <summary>
    /// Writes rows that were folded in memory to a generation that no query reads. The rows, the dead letters and the checkpoints become
    /// visible together. A store that does not write them in one transaction writes the checkpoints last.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="fill">What to write.</param>
    /// <param name="cancellation">Cancels the operation; nothing is written then.</param>
    /// <exception cref="CheckpointLostException">A checkpoint has another epoch or offset than expected; nothing is written.</exception>
    /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
    Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation);

    /// <summary>Reads rows of a generation in the order of their keys, as the store orders them.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The key of the last row of the call before; null for the first call.</param>
    /// <param name="limit">The maximum number of rows.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation);

    /// <summary>Reads rows of a generation by key, in any order.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation);

    /// <summary>Reads rows of a generation by key and its checkpoints, as of one moment.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<RowsWithCheckpoints<TRow>> FindWithCheckpointsAsync(
        int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation);

    /// <summary>
    /// Keys with a pending request, among those whose first dead letter belongs to one of the given partitions. Repeated calls return all
    /// of them, as the engine carries out the requests that were returned before.
    /// </summary>
    /// <param name="generation">The generation.</param>
    /// <param name="owned">The partitions that the caller owns.</param>
    /// <param name="maxKeys">The maximum number of keys.</param>
    /// <param name="maxEventsPerKey">The maximum number of events of each key.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<IReadOnlyList<PendingRequest<TKey>>> PendingRequestsAsync(
        int generation, IReadOnlyCollection<LogPartition> owned, int maxKeys, int maxEventsPerKey, CancellationToken cancellation);
}

/// <summary>How far a generation has applied a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
public readonly record struct PartitionCheckpoint(LogPartition Partition, long NextOffset);

/// <summary>Rows of a generation and its checkpoints, as of one moment.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Checkpoints">The checkpoints.</param>
/// <param name="Rows">The rows that exist.</param>
public sealed record RowsWithCheckpoints<TRow>(IReadOnlyList<PartitionCheckpoint> Checkpoints, IReadOnlyList<TRow> Rows);
