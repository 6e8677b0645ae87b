using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>Where one partition of a projection stands.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The next offset to apply.</param>
/// <param name="Stopped">Why it is stopped; null where it is not.</param>
/// <param name="Waiting">What its input lacks; null where nothing is missing.</param>
public sealed record PartitionStatus(LogPartition Partition, long NextOffset, string? Stopped, string? Waiting)
{
    /// <summary>The next offset to fold; ahead of what is committed while a generation is built in memory.</summary>
    internal long Folded { get; init; }

    /// <summary>The number of the ownership.</summary>
    internal long Epoch { get; init; }
}
