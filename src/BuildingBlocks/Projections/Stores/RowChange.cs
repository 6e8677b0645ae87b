namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>The new state of one row.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TRow">The row.</typeparam>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row to write; null deletes it.</param>
public readonly record struct RowChange<TKey, TRow>(TKey Key, TRow? Row)
    where TRow : class
{
    /// <summary>How far the log was applied to the row.</summary>
    public RowOffset Offset { get; init; }
}

/// <summary>
/// How far the log was applied to a row. Known only for projections that are keyed by the stream, where all events of a row belong to one
/// partition.
/// </summary>
/// <param name="Partition">The partition of the row's events.</param>
/// <param name="Next">The offset after the last event that was applied to the row; 0 if there is none or it is not known.</param>
public readonly record struct RowOffset(int Partition, long Next);
