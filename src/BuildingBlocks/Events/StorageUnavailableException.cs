namespace Monolith.BuildingBlocks.Events;

/// <summary>A store cannot be reached for the moment; it passes by itself. Answered with 503, to be asked again.</summary>
/// <param name="message">Which store, and what it is about.</param>
/// <param name="inner">What the way there said.</param>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
