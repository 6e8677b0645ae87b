namespace Monolith.BuildingBlocks.Events;

/// <summary>The end of a partition of a log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The offset that comes next.</param>
/// <param name="LastEventId">The id of the last event; null where there is none.</param>
public readonly record struct PartitionHead(int Partition, long NextOffset, Guid? LastEventId);
