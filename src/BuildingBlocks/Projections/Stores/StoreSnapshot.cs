namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>Some rows of a generation and how far it was, at one and the same moment.</summary>
/// <typeparam name="TRow">A row.</typeparam>
/// <param name="Checkpoints">How far every partition was applied.</param>
/// <param name="Rows">The rows.</param>
public sealed record StoreSnapshot<TRow>(IReadOnlyList<PartitionCheckpoint> Checkpoints, IReadOnlyList<TRow> Rows);
