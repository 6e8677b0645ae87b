using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>One batch on its way into a generation.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IStoreBatch<TKey, TRow> : IAsyncDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>The current rows of some keys, and which of the keys are parked. Called once a batch, before <see cref="CommitAsync"/>.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="rows">Receives the rows that there are.</param>
    /// <param name="parked">Receives the keys that are parked.</param>
    /// <param name="cancellation">Gives up.</param>
    Task LoadAsync(IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, HashSet<TKey> parked, CancellationToken cancellation);

    /// <summary>
    /// Of the keys that were loaded: the offset after the last event that was applied, also where the row is gone. For stores whose rows may be ahead of their checkpoints after a crash: the fold passes
    /// by what a row has seen. Null where rows and checkpoints are written in one transaction.
    /// </summary>
    IReadOnlyDictionary<TKey, long>? Applied => null;

    /// <summary>Writes rows, checkpoints and parked events in one transaction.</summary>
    /// <param name="commit">What changes.</param>
    /// <param name="cancellation">Gives up; the outcome is then unknown, and the checkpoint tells.</param>
    /// <exception cref="CheckpointLostException">A checkpoint is not where the writer thought; nothing is written.</exception>
    /// <exception cref="GenerationHeldException">The generation is held for a moment; nothing is written.</exception>
    /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
    Task CommitAsync(BatchCommit<TKey, TRow> commit, CancellationToken cancellation);
}

/// <summary>Everything that a batch changes; all of it is written, or nothing.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Changes">The rows, one entry a key.</param>
/// <param name="Advances">The checkpoints, one entry a partition.</param>
/// <param name="Parked">Events that are parked, those of one key in order.</param>
/// <param name="Unparked">
/// Events that are parked no longer, by their places in the logs. What an operator asked of them goes over to all that is parked of their keys still, also to what was parked after the asking.
/// </param>
public sealed record BatchCommit<TKey, TRow>(
    IReadOnlyList<RowChange<TKey, TRow>> Changes,
    IReadOnlyList<CheckpointAdvance> Advances,
    IReadOnlyList<DeadLetterEvent<TKey>> Parked,
    IReadOnlyList<(LogPartition Partition, long Offset)> Unparked)
    where TRow : class;
