namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>A checkpoint has another epoch or offset than the writer thought: somebody else took the partition over, or an earlier commit did reach the store.</summary>
/// <param name="inner">What the store said.</param>
public sealed class CheckpointLostException(Exception? inner = null) : Exception("A checkpoint has moved: another owner took over, or an earlier commit did arrive.", inner);

/// <summary>The generation is held for a moment, so that its successor can reach it; nothing was written.</summary>
/// <param name="inner">What the store said.</param>
public sealed class GenerationHeldException(Exception? inner = null) : Exception("The generation is held for a moment, so that its successor can reach it.", inner);

/// <summary>The store refuses the data of a batch, and would refuse it again.</summary>
/// <param name="reason">What the store said, without the data.</param>
/// <param name="inner">The store's exception.</param>
public sealed class RowsRefusedException(string reason, Exception inner) : Exception(reason, inner);
