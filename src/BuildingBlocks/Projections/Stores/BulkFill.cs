using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Projections.DeadLetters;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>What was folded in memory for a generation that nobody reads yet; all of it is written, or nothing. The rows are given as fast as the machine has room for them.</summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Added">Rows whose keys the generation does not have.</param>
/// <param name="Changes">Rows whose keys it has, one entry a key.</param>
/// <param name="Advances">The checkpoints, one entry a partition.</param>
/// <param name="Parked">Events that are parked, those of one key in order.</param>
/// <param name="IsLast">Whether the time in memory ends with it.</param>
public sealed record BulkFill<TKey, TRow>(
    IAsyncEnumerable<TRow> Added,
    IAsyncEnumerable<RowChange<TKey, TRow>> Changes,
    IReadOnlyList<CheckpointAdvance> Advances,
    IReadOnlyList<DeadLetterEvent<TKey>> Parked,
    bool IsLast)
    where TRow : class
{
    /// <summary>
    /// Keys whose rows were made and taken away again, and were never written. A store that writes a fill in one transaction has nothing to do with them; another one may hold what an earlier fill
    /// wrote that did not come to its end.
    /// </summary>
    public IReadOnlyList<RowChange<TKey, TRow>> Gone { get; init; } = [];

    /// <summary>How far the log has been applied to a row that is written, where the store keeps that (<see cref="IProjectionStore{TKey, TRow}.KeepsPlaces"/>).</summary>
    public Func<TKey, RowOffset> PlaceOf { get; init; } = _ => default;
}
