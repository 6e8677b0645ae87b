namespace Monolith.BuildingBlocks.Events;

/// <summary>The next offset to read of a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset.</param>
public readonly record struct PartitionOffset(int Partition, long Offset);
