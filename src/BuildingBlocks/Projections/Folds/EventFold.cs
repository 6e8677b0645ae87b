using System.Runtime.CompilerServices;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Folds;

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
