namespace Monolith.BuildingBlocks.Domain;

/// <summary>A fact that an aggregate raised and that is not committed yet.</summary>
/// <param name="Data">The fact.</param>
/// <param name="Version">Its number in the aggregate's stream, from 1, without a hole.</param>
/// <param name="OccurredAt">When it happened, in whole microseconds, UTC; never before the stream's previous event.</param>
public readonly record struct RaisedEvent(IEvent Data, long Version, DateTimeOffset OccurredAt);
