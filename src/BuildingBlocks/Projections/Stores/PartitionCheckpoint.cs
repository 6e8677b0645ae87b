using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>How far a generation has applied a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
public readonly record struct PartitionCheckpoint(LogPartition Partition, long NextOffset);
