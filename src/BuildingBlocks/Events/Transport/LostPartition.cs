namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>A partition whose checkpoint is not where its owner thought.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The epoch that the owner had; one taken since makes the loss old news.</param>
public readonly record struct LostPartition(LogPartition Partition, long Epoch);
