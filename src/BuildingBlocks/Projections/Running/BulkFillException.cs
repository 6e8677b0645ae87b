namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>What a build has folded in memory cannot be written, again and again: a failure of the build, since each attempt writes everything anew.</summary>
internal sealed class BulkFillException(string reason, Exception inner) : Exception(reason, inner);
