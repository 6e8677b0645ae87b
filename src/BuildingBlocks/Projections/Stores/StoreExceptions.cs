namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>
/// A checkpoint has another epoch or offset than the writer expected: another process took the partition over, or an earlier commit reached
/// the store after all.
/// </summary>
/// <param name="inner">The error of the store.</param>
public sealed class CheckpointLostException(Exception? inner = null)
    : Exception("A checkpoint has moved: another owner took over, or an earlier commit did arrive.", inner);

/// <summary>Writes to the generation are blocked for a moment, so that its successor can catch up; nothing was written.</summary>
/// <param name="inner">The error of the store.</param>
public sealed class WritesBlockedException(Exception? inner = null)
    : Exception("Writes to the generation are blocked for a moment, so that its successor can catch up.", inner);

/// <summary>The store refuses the data of a batch, and would refuse it again.</summary>
/// <param name="reason">The error of the store, without the data.</param>
/// <param name="inner">The store's exception.</param>
public sealed class RowsRefusedException(string reason, Exception inner) : Exception(reason, inner);
