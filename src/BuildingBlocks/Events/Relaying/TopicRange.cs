namespace Monolith.BuildingBlocks.Events.Relaying;

/// <summary>The first and the last record of a topic partition.</summary>
/// <param name="First">The first record.</param>
/// <param name="Last">The last record.</param>
public sealed record TopicRange(TopicRecord First, TopicRecord Last);
