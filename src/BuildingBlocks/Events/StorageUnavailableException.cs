namespace Monolith.BuildingBlocks.Events;

/// <summary>A store cannot be reached at the moment. The condition is temporary; over HTTP the response is 503.</summary>
/// <param name="message">The store and the operation.</param>
/// <param name="inner">The exception of the driver.</param>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
