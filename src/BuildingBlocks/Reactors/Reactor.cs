using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// Runs side effects for events. The constructor names each event with <c>On</c>; what the reactor reads follows from these lines. There is
/// one instance per host, without state. It sees each event at least once, those of a partition one after the other in their order,
/// starting at the head of the log when it is first registered, and never as part of a replay.
/// </summary>
public abstract class Reactor
{
    private readonly Dictionary<Type, Func<Reaction, CancellationToken, Task>> reactions = [];

    internal IReadOnlyCollection<Type> Events => reactions.Keys;

    /// <summary>
    /// Reacts to an event. What it throws is tried again without limit, and holds back the later events of the same partition. After a
    /// crash the same event may come again, with the same <see cref="Reaction.IdempotencyKey"/>.
    /// </summary>
    /// <param name="reaction">The event, and how to send commands that name it as their cause.</param>
    /// <param name="cancellation">Cancelled when the partition is revoked, or the host stops.</param>
    public Task ReactAsync(Reaction reaction, CancellationToken cancellation) =>
        reactions.TryGetValue(reaction.Cause.Data.GetType(), out var react) ? react(reaction, cancellation) : Task.CompletedTask;

    /// <summary>Reacts to an event type.</summary>
    /// <typeparam name="TEvent">The event, in its newest version; stored older versions are converted to it first.</typeparam>
    /// <param name="react">The side effect; see <see cref="ReactAsync"/> for what happens when it throws.</param>
    /// <exception cref="InvalidOperationException">The reactor names the event twice.</exception>
    protected void On<TEvent>(Func<TEvent, Reaction, CancellationToken, Task> react)
        where TEvent : class, IEvent
    {
        if (!reactions.TryAdd(typeof(TEvent), (reaction, cancellation) => react((TEvent)reaction.Cause.Data, reaction, cancellation)))
            throw new InvalidOperationException($"{GetType().Name} reacts to {typeof(TEvent).Name} twice.");
    }
}
