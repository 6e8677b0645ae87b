namespace Monolith.BuildingBlocks.Projections.Operating;

/// <summary>How far one partition of a generation is.</summary>
/// <param name="Log">The log.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Applied">Events that it has passed.</param>
/// <param name="Total">Events in the partition when the generation began; of a live one, events in the partition.</param>
/// <param name="RatePerSecond">Events a second, smoothed; null while unknown.</param>
/// <param name="EtaSeconds">Until it has reached the head; null where that cannot be told.</param>
/// <param name="LagEvents">Events that it has not applied; null where the head cannot be read.</param>
/// <param name="LagSeconds">The age of the oldest of those.</param>
/// <param name="Problem">Why nothing more of it is applied; null while it goes on.</param>
public sealed record PartitionReport(
    string Log, int Partition, long Applied, long Total, double? RatePerSecond, double? EtaSeconds, long? LagEvents, double? LagSeconds, string? Problem);
