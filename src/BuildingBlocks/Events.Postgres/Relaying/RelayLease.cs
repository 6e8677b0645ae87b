namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>A partition that a relay holds.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="TopicId">The topic that it was last relayed to, by whomever.</param>
internal sealed record RelayLease(int Partition, string? TopicId);
