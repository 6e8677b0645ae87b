namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>A projection as it was registered, before anything of it is made: what a kind of store looks at to refuse what it cannot do.</summary>
/// <param name="Name">Its stable name (<c>orders.customers</c>).</param>
/// <param name="Key">The type of its keys.</param>
/// <param name="Row">The type of its rows.</param>
/// <param name="Writers">Whether its partitions may be applied side by side.</param>
public sealed record ProjectionPlan(string Name, Type Key, Type Row, WriterMode Writers)
{
    /// <summary>Refuses rows of another type than a store was told how to keep.</summary>
    /// <param name="key">The type of the keys that the store is told of.</param>
    /// <param name="row">The type of the rows that it is told of.</param>
    /// <exception cref="InvalidOperationException">The fold makes others.</exception>
    public void RequireRows(Type key, Type row)
    {
        if ((Key, Row) != (key, row))
            throw new InvalidOperationException($"{Name} makes rows {Row.Name} by {Key.Name}, but its store is told how to keep {row.Name} by {key.Name}.");
    }

    /// <summary>Refuses a projection whose partitions share rows.</summary>
    /// <param name="store">The kind of store, in words.</param>
    /// <exception cref="InvalidOperationException">It is not declared to be keyed by the stream.</exception>
    public void RequireKeyedByStream(string store)
    {
        if (Writers != WriterMode.SideBySide)
            throw new InvalidOperationException($"{Name} cannot go to {store}: that takes only projections that are KeyedByStream().");
    }
}

/// <summary>Who may write the rows of a generation at the same time.</summary>
public enum WriterMode
{
    /// <summary>One batch at a time: rows of different partitions may share a key.</summary>
    OneBatchAtATime,

    /// <summary>One log, keyed by the stream id: no two partitions share a row, so they are applied side by side.</summary>
    SideBySide,
}
