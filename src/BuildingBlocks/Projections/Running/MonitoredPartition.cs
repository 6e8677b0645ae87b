using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Where a partition stands that should go on.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of its ownership.</param>
/// <param name="Next">The next offset.</param>
/// <param name="Stopped">Why it was stopped; null where it was not.</param>
internal readonly record struct MonitoredPartition(LogPartition Partition, long Epoch, long Next, string? Stopped = null);
