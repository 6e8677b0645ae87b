namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>The transport does not answer for the moment; it passes by itself.</summary>
/// <param name="message">What does not answer.</param>
/// <param name="inner">What the client said.</param>
public sealed class EventsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
