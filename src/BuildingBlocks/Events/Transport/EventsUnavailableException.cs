namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>The transport does not respond at the moment. The condition is temporary.</summary>
/// <param name="message">What does not respond.</param>
/// <param name="inner">The exception of the client library.</param>
public sealed class EventsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
