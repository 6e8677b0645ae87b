using Monolith.BuildingBlocks.Events.Reading;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Stores;

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
