using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Events.Histories;

/// <summary>What an entity was after each of its events, from the events alone.</summary>
public abstract class StreamHistory
{
    private protected StreamHistory(string entity) => Entity = entity;

    /// <summary>What the entity is called (<c>customer</c>).</summary>
    public string Entity { get; }

    /// <summary>Whether an event is the first of such an entity.</summary>
    /// <param name="first">The first event of a stream.</param>
    public abstract bool Begins(Event first);

    /// <summary>The entity after each event of its stream, as callers see it; null where it is not there any more.</summary>
    /// <param name="events">The stream, from its first event on.</param>
    /// <exception cref="UnreadableEventException">An event cannot be folded.</exception>
    public abstract IEnumerable<JsonElement?> States(IEnumerable<Event> events);
}

/// <summary>
/// A fold of a stream into the entity that it is about: pure, no I/O, no clock, no randomness. Nothing is stored of it; it is made when somebody asks how an entity was.
/// </summary>
/// <typeparam name="TState">The entity with the fields that callers see.</typeparam>
/// <param name="entity">What the entity is called (<c>customer</c>).</param>
/// <param name="json">How it is written.</param>
public abstract class StreamHistory<TState>(string entity, JsonTypeInfo<TState> json) : StreamHistory(entity)
    where TState : class
{
    /// <summary>The entity after an event.</summary>
    /// <param name="state">The entity before it; null before the first.</param>
    /// <param name="e">The event.</param>
    /// <returns>The entity after it; null where it is not there any more, or where the event is not one of such an entity.</returns>
    public abstract TState? Apply(TState? state, Event e);

    /// <inheritdoc />
    public sealed override bool Begins(Event first) => Next(null, first) is not null;

    /// <inheritdoc />
    public sealed override IEnumerable<JsonElement?> States(IEnumerable<Event> events)
    {
        TState? state = null;
        foreach (var e in events)
        {
            state = Next(state, e);
            yield return state is null ? null : JsonSerializer.SerializeToElement(state, json);
        }
    }

    private TState? Next(TState? state, Event e)
    {
        try
        {
            return Apply(state, e);
        }
        catch (Exception exception)
        {
            throw new UnreadableEventException(e.Envelope, $"the history of a {Entity} cannot go on with it", exception);
        }
    }
}
