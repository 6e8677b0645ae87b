using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Folds;

/// <summary>
/// A pure fold of events into rows, one row a key. No I/O, no clock, no randomness: the same events give the same rows, however often and in whatever batches they come.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row: an immutable record with value equality.</typeparam>
public abstract class KeyedProjection<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    /// <summary>The key of the row that an event changes, or null where it changes none.</summary>
    /// <param name="e">The event.</param>
    public abstract TKey? KeyOf(Event e);

    /// <summary>The row after an event.</summary>
    /// <param name="row">The row before it, or null where there is none.</param>
    /// <param name="e">The event.</param>
    /// <returns>The row to keep; null deletes it. The same instance means that nothing changes.</returns>
    public abstract TRow? Apply(TRow? row, Event e);
}
