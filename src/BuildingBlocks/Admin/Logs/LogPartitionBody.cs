namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>A partition of a log as operators see it.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="NextOffset">The offset that the next event gets.</param>
/// <param name="RelayedOffset">Everything below it is safe in the topic; null where there is none, or where another process relays this partition.</param>
internal sealed record LogPartitionBody(int Partition, long NextOffset, long? RelayedOffset);
