namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>What a command changed in one module: state and events, committed together in one round trip or not at all.</summary>
public interface IUnitOfWork
{
    /// <summary>Commits what the tracked aggregates changed and raised. Without a raised event nothing is sent but the key of a caller who gave one.</summary>
    /// <param name="cancellation">Cancels before the commit; afterwards the outcome stands.</param>
    /// <returns>What became of it. Anything but <see cref="CommitStatus.Committed"/> has left nothing behind.</returns>
    Task<CommitResult> CommitAsync(CancellationToken cancellation);

    /// <summary>Forgets every tracked aggregate, so that the command can be decided anew.</summary>
    void Reset();
}
