namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>How far a requeue or discard is.</summary>
/// <param name="OpenKeys">Keys whose first parked event still has to be looked at: it is the operation's, and is asked for.</param>
/// <param name="Parked">Events that are parked still, of all that the operation asked for.</param>
public readonly record struct RequestProgress(long OpenKeys, long Parked);
