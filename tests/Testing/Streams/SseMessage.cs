namespace Monolith.Testing.Streams;

/// <summary>A message of a stream of server-sent events.</summary>
/// <param name="Id">The last id that was given when it came; empty where none was.</param>
/// <param name="Type">Its name.</param>
/// <param name="Data">What it says.</param>
public sealed record SseMessage(string Id, string Type, string Data);
