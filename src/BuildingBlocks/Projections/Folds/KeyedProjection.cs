using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Folds;

/// <summary>
/// A pure fold of events into rows, one row per key. No I/O, no clock, no randomness: the same events give the same rows, in batches of any
/// size. The constructor names each event with <c>On</c>; what the projection reads follows from these lines.
/// </summary>
/// <typeparam name="TKey">The key of a row.</typeparam>
/// <typeparam name="TRow">A row: an immutable record with value equality.</typeparam>
public abstract class KeyedProjection<TKey, TRow> : IFold
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    private readonly Dictionary<Type, EventFold<TKey, TRow>> declared = [];
    private readonly Dictionary<string, EventFold<TKey, TRow>> logs = new(StringComparer.Ordinal);
    private (Type Event, EventFold<TKey, TRow> Fold)[]? folds;

    IReadOnlyCollection<Type> IFold.Events => declared.Keys;

    IReadOnlyCollection<string> IFold.Logs => logs.Keys;

    /// <summary>The key of the row that an event changes, or null if it changes none.</summary>
    /// <param name="e">The event.</param>
    public TKey? KeyOf(Event e) => Find(e)?.KeyOf(e);

    /// <summary>Folds an event into a row.</summary>
    /// <param name="row">The row before the event, or null if there is none.</param>
    /// <param name="e">The event.</param>
    /// <returns>The row after the event; null deletes it. The same instance means that nothing changes.</returns>
    public TRow? Apply(TRow? row, Event e) => Find(e) is { } fold ? fold.Apply(row, e) : row;

    /// <summary>Folds an event type.</summary>
    /// <typeparam name="TEvent">The event, in its newest version; stored older versions are converted to it first.</typeparam>
    /// <param name="key">The key of the row that the event changes.</param>
    /// <param name="fold">
    /// The row after the event; null deletes it. The row that it receives is null when the key has none, so the fold of a first event must
    /// not read it. A fold that throws, also because it expected a row, makes the event a dead letter.
    /// </param>
    /// <exception cref="InvalidOperationException">The event type is folded twice.</exception>
    protected void On<TEvent>(Func<TEvent, TKey> key, Func<TEvent, TRow, TRow?> fold)
        where TEvent : class, IEvent => Add<TEvent>(new DataFold<TKey, TRow, TEvent>(key, fold));

    /// <summary>Folds an event type with the event's envelope: its id, its version in the stream, its time.</summary>
    /// <inheritdoc cref="On{TEvent}(Func{TEvent, TKey}, Func{TEvent, TRow, TRow})" />
    protected void On<TEvent>(Func<TEvent, TKey> key, Func<TEvent, TRow, Event, TRow?> fold)
        where TEvent : class, IEvent => Add<TEvent>(new EnvelopeFold<TKey, TRow, TEvent>(key, fold));

    /// <summary>
    /// Folds every event of a log that no other line names. The projection then wants all types; one that this binary does not know is not
    /// skipped: it becomes a dead letter, or stops its partition where the key is not the stream id.
    /// </summary>
    /// <param name="log">The log, by the name of its topic.</param>
    /// <param name="key">The key of the row that the event changes, or null if it changes none.</param>
    /// <param name="fold">The row after the event, from the row before it.</param>
    /// <exception cref="InvalidOperationException">The log is folded twice.</exception>
    protected void OnAll(string log, Func<Event, TKey?> key, Func<Event, TRow?, TRow?> fold)
    {
        if (!logs.TryAdd(log, new AnyFold<TKey, TRow>(key, fold)))
            throw new InvalidOperationException($"{GetType().Name} folds all events of {log} twice.");
    }

    private void Add<TEvent>(EventFold<TKey, TRow> fold)
    {
        if (!declared.TryAdd(typeof(TEvent), fold))
            throw new InvalidOperationException($"{GetType().Name} folds {typeof(TEvent).Name} twice.");
        folds = null;
    }

    // A projection names a handful of events: comparing their types one by one takes half the time of hashing a type.
    private EventFold<TKey, TRow>? Find(Event e)
    {
        var type = e.Data.GetType();
        foreach (var (known, fold) in folds ??= [.. declared.Select(entry => (entry.Key, entry.Value))])
        {
            if (known == type)
                return fold;
        }

        return logs.Count == 0 ? null : logs.GetValueOrDefault(e.Envelope.Log);
    }
}

/// <summary>What a projection folds, without the types of its key and row.</summary>
internal interface IFold
{
    IReadOnlyCollection<Type> Events { get; }

    /// <summary>The logs of which it folds every event.</summary>
    IReadOnlyCollection<string> Logs { get; }
}

/// <summary>One <c>On</c> line of a projection. It only receives events of exactly its type, so it does not check the type again.</summary>
internal abstract class EventFold<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public abstract TKey? KeyOf(Event e);

    public abstract TRow? Apply(TRow? row, Event e);
}

internal sealed class DataFold<TKey, TRow, TEvent>(Func<TEvent, TKey> key, Func<TEvent, TRow, TRow?> fold) : EventFold<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
    where TEvent : class, IEvent
{
    public override TKey? KeyOf(Event e) => key(Unsafe.As<TEvent>(e.Data));

    public override TRow? Apply(TRow? row, Event e) => fold(Unsafe.As<TEvent>(e.Data), row!);
}

internal sealed class EnvelopeFold<TKey, TRow, TEvent>(Func<TEvent, TKey> key, Func<TEvent, TRow, Event, TRow?> fold)
    : EventFold<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
    where TEvent : class, IEvent
{
    public override TKey? KeyOf(Event e) => key(Unsafe.As<TEvent>(e.Data));

    public override TRow? Apply(TRow? row, Event e) => fold(Unsafe.As<TEvent>(e.Data), row!, e);
}

internal sealed class AnyFold<TKey, TRow>(Func<Event, TKey?> key, Func<Event, TRow?, TRow?> fold) : EventFold<TKey, TRow>
    where TKey : struct, IEquatable<TKey>
    where TRow : class
{
    public override TKey? KeyOf(Event e) => key(e);

    public override TRow? Apply(TRow? row, Event e) => fold(e, row);
}
