using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Monolith.BuildingBlocks.Events.Histories;

/// <summary>Computes the state of an entity after each of its events, from the events alone.</summary>
public abstract class StreamHistory
{
    private protected StreamHistory(string entity) => Entity = entity;

    /// <summary>The name of the entity (<c>customer</c>).</summary>
    public string Entity { get; }

    /// <summary>Whether an event is the first of such an entity.</summary>
    /// <param name="first">The first event of a stream.</param>
    public abstract bool Begins(Event first);

    /// <summary>Returns the entity after each event of its stream, as clients see it; null if the entity does not exist any more.</summary>
    /// <param name="events">The stream, from its first event.</param>
    /// <exception cref="UnreadableEventException">An event cannot be folded.</exception>
    public abstract IEnumerable<JsonElement?> States(IEnumerable<Event> events);
}

/// <summary>
/// A fold of a stream into its entity: pure, without I/O, clock or randomness. It is computed when a client requests the history of an
/// entity; nothing is stored.
/// </summary>
/// <typeparam name="TState">The entity, with the fields that clients see.</typeparam>
/// <param name="entity">The name of the entity (<c>customer</c>).</param>
/// <param name="json">How the entity is serialized.</param>
public abstract class StreamHistory<TState>(string entity, JsonTypeInfo<TState> json) : StreamHistory(entity)
    where TState : class
{
    /// <summary>Applies an event.</summary>
    /// <param name="state">The entity before the event; null before the first.</param>
    /// <param name="e">The event.</param>
    /// <returns>The entity after the event; null if it does not exist any more, or if the event is not one of such an entity.</returns>
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
            throw new UnreadableEventException(e.Envelope, $"the history of a {Entity} cannot continue with it", exception);
        }
    }
}
