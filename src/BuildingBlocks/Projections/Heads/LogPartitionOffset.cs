using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Heads;

/// <summary>A place in a log.</summary>
internal readonly record struct LogPartitionOffset(LogPartition Partition, long Offset);
