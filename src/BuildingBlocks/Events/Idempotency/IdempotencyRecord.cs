using Monolith.BuildingBlocks.Events.Consistency;

namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>What is kept of a command that succeeded under a key.</summary>
/// <param name="Payload">The hash of the request.</param>
/// <param name="Answer">What it was answered with.</param>
/// <param name="Place">Where its events are in the log; null where they are not there, as after a restored backup.</param>
public sealed record IdempotencyRecord(byte[] Payload, StoredResponse Answer, LogOffset? Place);
