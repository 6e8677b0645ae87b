using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// One batch of a generation: loads rows once, then commits once. A batch is used by one thread at a time. Disposing it without a commit
/// changes nothing.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IStoreBatch<TKey, TRow> : IAsyncDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>
    /// Reads the current rows of some keys, and which of the keys have dead letters. Called at most once a batch, before
    /// <see cref="CommitAsync"/>.
    /// </summary>
    /// <param name="keys">The keys.</param>
    /// <param name="rows">Receives the rows that exist.</param>
    /// <param name="deadLetterKeys">Receives the keys that have dead letters.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task LoadAsync(
        IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> deadLetterKeys, CancellationToken cancellation);

    /// <summary>
    /// The offset after the last event that was applied to each loaded key, also where the row was deleted. For stores whose rows may be
    /// ahead of their checkpoints after a crash: the engine skips events that a row already contains. Null where rows and checkpoints are
    /// written in one transaction.
    /// </summary>
    IReadOnlyDictionary<TKey, long>? AppliedOffsets { get; }

    /// <summary>
    /// Writes rows, checkpoints and dead letters. Each checkpoint is written by compare-and-swap on its epoch and offset; if one of them
    /// does not match, nothing is written. A store without transactions keeps the offset with each row instead and writes the checkpoints
    /// last.
    /// </summary>
    /// <param name="commit">What changes.</param>
    /// <param name="cancellation">Cancels the operation. The outcome is then unknown until the checkpoint is read.</param>
    /// <exception cref="CheckpointLostException">A checkpoint has another epoch or offset than expected; nothing is written.</exception>
    /// <exception cref="WritesBlockedException">Writes to the generation are blocked for a moment; nothing is written.</exception>
    /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
    Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation);
}

/// <summary>Everything that a batch changes.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Changes">The rows, one entry a key.</param>
/// <param name="Advances">The checkpoints, one entry a partition.</param>
/// <param name="DeadLetters">
/// Dead letters to add, those of one key in order. An event that is a dead letter already keeps its position; its reason is replaced and
/// its pending request is removed.
/// </param>
/// <param name="Resolved">
/// Dead letters to remove. The request that was pending for them passes to the dead letters of their keys that remain, also to those added
/// after the request.
/// </param>
public sealed record BatchCommit<TKey, TRow>(
    IReadOnlyList<RowChange<TKey, TRow>> Changes,
    IReadOnlyList<CheckpointAdvance> Advances,
    IReadOnlyList<DeadLetterEvent<TKey>> DeadLetters,
    IReadOnlyList<(LogPartition Partition, long Offset)> Resolved)
    where TRow : class;
