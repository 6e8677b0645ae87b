namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>The head of a partition, with its position in the transport.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset that the partition will assign.</param>
/// <param name="LastEventId">The id of the last event; null if the partition is empty.</param>
/// <param name="Position">The transport's position of the last event, valid for <paramref name="Source"/> only.</param>
/// <param name="Source">
/// The incarnation of the transport that the position belongs to; null if it is not known. A reader then starts at the beginning and skips
/// the events before <paramref name="NextOffset"/>.
/// </param>
public sealed record LogHead(LogPartition Partition, long NextOffset, Guid? LastEventId, long Position, string? Source);
