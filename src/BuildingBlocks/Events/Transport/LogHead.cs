namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>Where a partition of a log ends: what a reader starts from that wants nothing of what is there already.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The log offset that comes next.</param>
/// <param name="LastEventId">The id of the event before it; null where the partition is empty.</param>
/// <param name="Position">The transport's position of that event, valid for <paramref name="Source"/> alone.</param>
/// <param name="Source">Which incarnation of the transport the position belongs to; null where it is not known, so that reading starts at the beginning and passes by what came before.</param>
public sealed record LogHead(LogPartition Partition, long NextOffset, Guid? LastEventId, long Position, string? Source);
