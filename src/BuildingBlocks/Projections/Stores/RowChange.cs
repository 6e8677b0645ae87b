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
