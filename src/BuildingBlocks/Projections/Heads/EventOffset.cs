using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Heads;

/// <summary>A place in a log.</summary>
internal readonly record struct EventOffset(LogPartition Partition, long Offset);
