using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Reading;

/// <summary>The progress of a partition that is compared with its log.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of its ownership.</param>
/// <param name="Next">The next offset.</param>
/// <param name="Stopped">Why it was stopped; null where it was not.</param>
public readonly record struct MonitoredPartition(LogPartition Partition, long Epoch, long Next, string? Stopped = null);
