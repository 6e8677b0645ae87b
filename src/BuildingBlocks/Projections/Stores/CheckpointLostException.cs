namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>A checkpoint has another epoch or offset than the writer thought: somebody else took the partition over, or an earlier commit did reach the store.</summary>
/// <param name="inner">What the store said.</param>
public sealed class CheckpointLostException(Exception? inner = null) : Exception("A checkpoint has moved: another owner took over, or an earlier commit did arrive.", inner);
