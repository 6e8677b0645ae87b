namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>A topic is not as the log needs it; the message says what differs and what to do.</summary>
/// <param name="message">What differs, and what to do.</param>
public sealed class WrongTopicException(string message) : Exception(message);
