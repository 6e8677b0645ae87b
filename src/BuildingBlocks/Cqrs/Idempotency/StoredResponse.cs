namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>An answer as it went to a caller, byte for byte, kept so that the same request gets it again.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers that say something of the answer, such as <c>ETag</c> and <c>Location</c>.</param>
/// <param name="Body">The body.</param>
public sealed record StoredResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
