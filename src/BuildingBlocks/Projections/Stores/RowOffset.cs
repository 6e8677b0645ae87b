namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>How far the log has been applied to a row. It is known only where the projection is keyed by the stream: all events of a row are then of one partition.</summary>
/// <param name="Partition">The partition of the row's events.</param>
/// <param name="Next">The offset after the last event that was applied to the row; 0 where none was, or it is not known.</param>
public readonly record struct RowOffset(int Partition, long Next);
