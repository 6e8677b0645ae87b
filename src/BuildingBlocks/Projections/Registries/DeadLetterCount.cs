namespace Monolith.BuildingBlocks.Projections.Registries;

/// <summary>How many events of a generation are parked.</summary>
/// <param name="Events">The parked events.</param>
/// <param name="Asked">Those for which an operator asked something that is not done yet.</param>
public readonly record struct DeadLetterCount(long Events, long Asked);
