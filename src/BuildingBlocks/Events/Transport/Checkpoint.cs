namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>Where a reader of a partition goes on: what its owner has applied, and where that was in the transport.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of this ownership; whoever took the partition later has a higher one.</param>
/// <param name="NextOffset">The next log offset to apply.</param>
/// <param name="LastEventId">The id of the event before it; null where nothing has been applied.</param>
/// <param name="Position">The transport's position of that event, valid for <paramref name="Source"/> alone.</param>
/// <param name="Source">Which incarnation of the transport the position belongs to (cluster and topic id); null where nothing has been applied.</param>
public sealed record Checkpoint(LogPartition Partition, long Epoch, long NextOffset, Guid? LastEventId, long Position, string? Source);
