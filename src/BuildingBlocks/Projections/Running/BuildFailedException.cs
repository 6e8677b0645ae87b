namespace Monolith.BuildingBlocks.Projections.Running;

/// <summary>A build cannot succeed; the message says why.</summary>
internal sealed class BuildFailedException(string reason) : Exception(reason);
