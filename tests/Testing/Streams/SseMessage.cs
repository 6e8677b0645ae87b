namespace Monolith.Testing.Streams;

/// <summary>A message of a stream of server-sent events.</summary>
/// <param name="Id">The last id that was received; empty where there was none.</param>
/// <param name="Type">Its name.</param>
/// <param name="Data">Its data.</param>
public sealed record SseMessage(string Id, string Type, string Data);
