namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>What a batch makes of one row.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TRow">The row.</typeparam>
/// <param name="Key">The row's key.</param>
/// <param name="Row">The row to keep; null deletes it.</param>
public readonly record struct RowChange<TKey, TRow>(TKey Key, TRow? Row)
    where TRow : class
{
    /// <summary>How far the log has been applied to it.</summary>
    public RowOffset Place { get; init; }
}

/// <summary>How far the log has been applied to a row. It is known only where the projection is keyed by the stream: all events of a row are then of one partition.</summary>
/// <param name="Partition">The partition of the row's events.</param>
/// <param name="Next">The offset after the last event that was applied to the row; 0 where none was, or it is not known.</param>
public readonly record struct RowOffset(int Partition, long Next);
