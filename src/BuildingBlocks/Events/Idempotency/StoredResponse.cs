namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>A response as it was sent, byte for byte. It is stored so that a request with the same idempotency key gets it again.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Headers">The headers that describe the response.</param>
/// <param name="Body">The body.</param>
public sealed record StoredResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
