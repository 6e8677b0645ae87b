namespace Monolith.BuildingBlocks.Projections.Stores;

/// <summary>A projection at its registration: a store checks here whether it can keep the rows.</summary>
/// <param name="Name">Its stable name (<c>orders.customers</c>).</param>
/// <param name="Key">The type of its keys.</param>
/// <param name="Row">The type of its rows.</param>
/// <param name="Writers">How its batches may overlap.</param>
public sealed record ProjectionPlan(string Name, Type Key, Type Row, WriterMode Writers)
{
    /// <summary>Requires the types of key and row that a store was configured for.</summary>
    /// <param name="key">The configured type of the keys.</param>
    /// <param name="row">The configured type of the rows.</param>
    /// <exception cref="InvalidOperationException">The projection has other types.</exception>
    public void RequireRows(Type key, Type row)
    {
        if ((Key, Row) != (key, row))
        {
            throw new InvalidOperationException(
                $"{Name} has rows {Row.Name} by {Key.Name}, but its store is declared for {row.Name} by {key.Name}.");
        }
    }

    /// <summary>Requires a projection that is keyed by the stream.</summary>
    /// <param name="store">The kind of store, in words.</param>
    /// <exception cref="InvalidOperationException">The partitions of the projection may share rows.</exception>
    public void RequireKeyedByStream(string store)
    {
        if (Writers != WriterMode.Concurrent)
            throw new InvalidOperationException($"{Name} cannot go to {store}: that takes only projections that are KeyedByStream().");
    }
}

/// <summary>How batches of one generation may overlap.</summary>
public enum WriterMode
{
    /// <summary>One batch at a time: rows of different partitions may share a key.</summary>
    Serialized,

    /// <summary>
    /// Batches of different partitions overlap: the projection reads one log and is keyed by the stream, so that they share no row.
    /// </summary>
    Concurrent,
}
