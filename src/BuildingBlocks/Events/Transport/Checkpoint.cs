namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>The checkpoint of a partition: what its owner has applied, and the position of that in the transport.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of this ownership. A later owner has a higher one.</param>
/// <param name="NextOffset">The next log offset to apply.</param>
/// <param name="LastEventId">The id of the event before it; null if nothing has been applied.</param>
/// <param name="Position">The transport's position of that event, valid for <paramref name="Source"/> only.</param>
/// <param name="Source">
/// The incarnation of the transport that the position belongs to (for Kafka, cluster and topic id); null if nothing has been applied.
/// </param>
public sealed record Checkpoint(LogPartition Partition, long Epoch, long NextOffset, Guid? LastEventId, long Position, string? Source);
