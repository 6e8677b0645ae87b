using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// Rows that a rebuild folded in memory, for a generation that no query reads. The sequences of rows pause between chunks while the rebuild
/// is throttled.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Added">Rows whose keys the generation does not have.</param>
/// <param name="Changes">Rows whose keys it has, one entry a key.</param>
/// <param name="Advances">The checkpoints, one entry a partition.</param>
/// <param name="DeadLetters">Dead letters to add, those of one key in order.</param>
/// <param name="IsLast">Whether the rebuild continues in batches after this fill.</param>
public sealed record BulkFill<TKey, TRow>(
    IAsyncEnumerable<TRow> Added,
    IAsyncEnumerable<RowChange<TKey, TRow>> Changes,
    IReadOnlyList<CheckpointAdvance> Advances,
    IReadOnlyList<DeadLetterEvent<TKey>> DeadLetters,
    bool IsLast)
    where TRow : class
{
    /// <summary>
    /// Keys whose rows were created and deleted within this fill. A store that writes a fill in one transaction ignores them; another one
    /// deletes what an interrupted fill may have written.
    /// </summary>
    public IReadOnlyList<RowChange<TKey, TRow>> Deleted { get; init; } = [];

    /// <summary>
    /// How far the log was applied to an added row, for stores with <see cref="IProjectionStore{TKey, TRow}.KeepsRowOffsets"/>.
    /// </summary>
    public Func<TKey, RowOffset> OffsetOf { get; init; } = _ => default;
}
