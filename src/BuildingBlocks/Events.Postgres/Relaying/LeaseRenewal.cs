namespace Monolith.BuildingBlocks.Events.Postgres.Relaying;

/// <summary>What a relay holds after a renewal.</summary>
/// <param name="Held">Its partitions.</param>
/// <param name="FairPart">How many it should hold at the most.</param>
/// <param name="Relays">How many relays of this log are alive.</param>
internal sealed record LeaseRenewal(IReadOnlyList<RelayLease> Held, int FairPart, int Relays);
