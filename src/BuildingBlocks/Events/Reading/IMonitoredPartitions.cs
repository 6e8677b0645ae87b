using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Events.Reading;

/// <summary>The partitions that a <see cref="StalledPartitionMonitor"/> compares with their log.</summary>
public interface IMonitoredPartitions
{
    /// <summary>The partitions without a batch in progress, including stopped ones.</summary>
    IEnumerable<MonitoredPartition> Idle { get; }

    /// <summary>Notes that a partition is stalled at an offset. The note is removed when the partition moves.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="next">The next offset to apply.</param>
    /// <param name="reason">The reason, as a sentence.</param>
    /// <returns>False if the stall is known already.</returns>
    bool NoteStall(LogPartition partition, long next, string reason);
}
