using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Reactors;

/// <summary>
/// Does something when something has happened: the one place for side effects of events. One instance a host, without state. It sees each event at least once, those of a partition one after the other
/// in their order, from the moment on when it was first registered, and never as part of a replay.
/// </summary>
public interface IReactor
{
    /// <summary>
    /// Reacts to an event. What it throws is tried again, for as long as it takes, and holds back the later events of the same partition. After a crash the same event may come once more, with the
    /// same <see cref="Reaction.IdempotencyKey"/>.
    /// </summary>
    /// <param name="happened">The event.</param>
    /// <param name="reaction">Sends commands that name the event as their cause.</param>
    /// <param name="cancellation">The partition is no longer this process's, or the host stops.</param>
    Task ReactAsync(Event happened, Reaction reaction, CancellationToken cancellation);
}
