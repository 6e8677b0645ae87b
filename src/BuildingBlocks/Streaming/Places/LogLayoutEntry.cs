namespace Monolith.BuildingBlocks.Streaming.Places;

/// <summary>One log of a layout.</summary>
/// <param name="Name">The log, by the name of its topic.</param>
/// <param name="Tag">Stands for the name in a cursor.</param>
/// <param name="Partitions">How many partitions it has.</param>
internal sealed record LogLayoutEntry(string Name, uint Tag, int Partitions);
