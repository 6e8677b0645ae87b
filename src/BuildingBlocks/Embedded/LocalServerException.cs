namespace Monolith.BuildingBlocks.Embedded;

/// <summary>A private server cannot run. The message is one plain line: what is missing or wrong, and what to do.</summary>
public sealed class LocalServerException(string message) : Exception(message);
