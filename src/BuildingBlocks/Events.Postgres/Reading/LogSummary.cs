namespace Monolith.BuildingBlocks.Events.Postgres.Reading;

/// <summary>How much a log holds.</summary>
/// <param name="Heads">The next offset of each partition, in the order of the partitions.</param>
/// <param name="FirstAt">The time of the earliest event; null where there is none.</param>
/// <param name="LastAt">The time of the latest event.</param>
public sealed record LogSummary(IReadOnlyList<long> Heads, DateTimeOffset? FirstAt, DateTimeOffset? LastAt);
