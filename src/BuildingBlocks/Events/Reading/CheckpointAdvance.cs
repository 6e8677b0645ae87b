using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Reading;

/// <summary>A step of a checkpoint. It may be committed only if the stored epoch and offset are still the expected ones.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The expected epoch.</param>
/// <param name="From">The expected offset.</param>
/// <param name="To">The next offset to apply after the step.</param>
/// <param name="LastEventId">The id of the event before <paramref name="To"/>; null at offset 0.</param>
/// <param name="Position">The transport's position of that event.</param>
/// <param name="Source">The incarnation of the transport that the position belongs to.</param>
public readonly record struct CheckpointAdvance(
    LogPartition Partition, long Epoch, long From, long To, Guid? LastEventId, long Position, string? Source);
