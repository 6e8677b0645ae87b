namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>One page on its way into a generation.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
public interface IStorePage<TKey, TRow> : IAsyncDisposable
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>The current rows of some keys, in one query. Called once a page, before <see cref="CommitAsync"/>.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="rows">Receives the rows that there are.</param>
    /// <param name="cancellation">Gives up.</param>
    Task LoadAsync(IReadOnlyCollection<TKey> keys, Dictionary<TKey, TRow> rows, CancellationToken cancellation);

    /// <summary>Writes rows and checkpoints in one transaction.</summary>
    /// <param name="changes">The rows, one entry a key.</param>
    /// <param name="advances">The checkpoints, one entry a partition.</param>
    /// <param name="cancellation">Gives up; the outcome is then unknown, and the checkpoint tells.</param>
    /// <exception cref="CheckpointLostException">A checkpoint is not where the writer thought; nothing is written.</exception>
    /// <exception cref="RowsRefusedException">The store refuses the data of a row; nothing is written.</exception>
    Task CommitAsync(IReadOnlyList<RowChange<TKey, TRow>> changes, IReadOnlyList<CheckpointAdvance> advances, CancellationToken cancellation);
}
