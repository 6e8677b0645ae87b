using Monolith.BuildingBlocks.EventLog.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Partitions that should move for as long as their logs hold more.</summary>
internal interface IMonitoredPartitions
{
    /// <summary>Those of which nothing is in work: they could go on, or were stopped.</summary>
    IEnumerable<MonitoredPartition> Idle { get; }

    /// <summary>Notes that a partition stands still at an offset, until it moves; false where that is known.</summary>
    bool NoteStall(LogPartition partition, long next, string reason);
}
