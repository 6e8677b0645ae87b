using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Where a partition stands that could go on.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The number of its ownership.</param>
/// <param name="Next">The next offset.</param>
internal readonly record struct WatchedPartition(LogPartition Partition, long Epoch, long Next);
