namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A build in memory cannot go on as it is, and starts anew from offset 0.</summary>
internal sealed class RebuildRestartException(string reason, Exception? inner = null) : Exception(reason, inner);
