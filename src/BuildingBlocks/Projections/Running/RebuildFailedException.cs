namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A build cannot succeed; the message says why.</summary>
internal sealed class RebuildFailedException(string reason) : Exception(reason);
