using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Where the rows of one projection live, a generation beside the other, with everything that belongs to them: its registry, the checkpoints, the parked events. There is no second place to agree with.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IProjectionStore<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>The registry of this store.</summary>
    IGenerationRegistry Registry { get; }

    /// <summary>Whether it keeps with each row how far the log was applied to it, and says so of the rows that it loads (<see cref="IStoreBatch{TKey, TRow}.Applied"/>). Only of projections that are keyed by the stream.</summary>
    bool KeepsPlaces => false;

    /// <summary>The key of a row.</summary>
    /// <param name="row">The row.</param>
    TKey KeyOf(TRow row);

    /// <summary>Begins a batch.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The batch; disposing it without a commit leaves nothing behind.</returns>
    Task<IStoreBatch<TKey, TRow>> BeginAsync(int generation, CancellationToken cancellation);

    /// <summary>Fills a generation that nobody reads, in one transaction, with what was folded in memory.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="fill">What to write.</param>
    /// <param name="cancellation">Gives up; nothing is written then.</param>
    /// <exception cref="CheckpointLostException">A checkpoint is not where the writer thought; nothing is written.</exception>
    /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
    Task FillAsync(int generation, BulkFill<TKey, TRow> fill, CancellationToken cancellation);

    /// <summary>Rows of a generation in the order of their keys, as the store orders them; one short statement.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="after">The key of the last row before; null for the first.</param>
    /// <param name="limit">The most to read.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<TRow>> ScanAsync(int generation, TKey? after, int limit, CancellationToken cancellation);

    /// <summary>Rows of a generation by key; one short statement.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<TRow>> FindAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation);

    /// <summary>Rows of a generation by key with its checkpoints, both of one moment; one short transaction.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<StoreSnapshot<TRow>> FindWithCheckpointsAsync(int generation, IReadOnlyCollection<TKey> keys, CancellationToken cancellation);

    /// <summary>Parked keys that an operator asked something about, among those whose first parked event lies in some partitions.</summary>
    /// <param name="generation">The generation.</param>
    /// <param name="owned">The partitions that the caller owns.</param>
    /// <param name="mostKeys">How many keys to read.</param>
    /// <param name="mostOfEach">How many events of each key to read.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<IReadOnlyList<DeadLetterKey<TKey>>> AskedAsync(int generation, IReadOnlyCollection<LogPartition> owned, int mostKeys, int mostOfEach, CancellationToken cancellation);
}

/// <summary>How far a generation has applied a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
public readonly record struct PartitionCheckpoint(LogPartition Partition, long NextOffset);

/// <summary>Some rows of a generation and how far it was, at one and the same moment.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Checkpoints">How far every partition was applied.</param>
/// <param name="Rows">The rows.</param>
public sealed record StoreSnapshot<TRow>(IReadOnlyList<PartitionCheckpoint> Checkpoints, IReadOnlyList<TRow> Rows);
