namespace Monolith.BuildingBlocks.Projections.Rebuilds;

/// <summary>What a build has folded in memory cannot be written, again and again: a failure of the build, since each attempt writes everything anew.</summary>
internal sealed class BulkFillException(string reason, Exception inner) : Exception(reason, inner);

/// <summary>A build cannot succeed; the message says why.</summary>
internal sealed class RebuildFailedException(string reason) : Exception(reason);

/// <summary>A build in memory cannot go on as it is, and starts anew from offset 0.</summary>
internal sealed class RebuildRestartException(string reason, Exception? inner = null) : Exception(reason, inner);
