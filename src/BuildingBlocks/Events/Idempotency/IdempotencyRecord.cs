using Monolith.BuildingBlocks.Events.Consistency;

namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>What is stored for a command that succeeded under an idempotency key.</summary>
/// <param name="Payload">The hash of the request.</param>
/// <param name="Response">The response to the request.</param>
/// <param name="Offset">The offset of its events in the log; null if the log does not have them, as after a restored backup.</param>
public sealed record IdempotencyRecord(byte[] Payload, StoredResponse Response, LogOffset? Offset);

/// <summary>A response as it was sent, byte for byte. It is stored so that a request with the same idempotency key gets it again.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers that describe the response.</param>
/// <param name="Body">The body.</param>
public sealed record StoredResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
