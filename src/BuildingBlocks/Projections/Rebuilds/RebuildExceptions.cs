namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>
/// Rows that were folded in memory could not be written several times in a row. It counts as a failure of the rebuild, since each attempt
/// writes everything again.
/// </summary>
internal sealed class BulkFillException(string reason, Exception inner) : Exception(reason, inner);

/// <summary>A rebuild cannot succeed; the message says why.</summary>
internal sealed class RebuildFailedException(string reason) : Exception(reason);

/// <summary>A rebuild in memory cannot continue and starts again from its checkpoints.</summary>
internal sealed class RebuildRestartException(string reason, Exception? inner = null) : Exception(reason, inner);
