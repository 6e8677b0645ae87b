namespace Monolith.BuildingBlocks.Domain;

/// <summary>An event that an aggregate raised and that is not committed yet.</summary>
/// <param name="Data">The event.</param>
/// <param name="Version">Its number in the aggregate's stream, from 1, without a gap.</param>
/// <param name="OccurredAt">When it happened, in whole microseconds, UTC; never before the stream's previous event.</param>
public readonly record struct RaisedEvent(IEvent Data, long Version, DateTimeOffset OccurredAt);
