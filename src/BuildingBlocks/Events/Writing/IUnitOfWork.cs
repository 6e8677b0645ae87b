namespace Monolith.BuildingBlocks.Events.Writing;

/// <summary>The changes of a command in one module: state and events, which are committed together in one round trip.</summary>
public interface IUnitOfWork
{
    /// <summary>
    /// Commits the changes and raised events of the tracked aggregates. Without a raised event, only the idempotency key is stored, if the
    /// command has one.
    /// </summary>
    /// <param name="cancellation">Cancels the operation before the commit is sent; afterwards the outcome stands.</param>
    /// <returns>The outcome. Unless it is <see cref="CommitStatus.Committed"/>, nothing is stored.</returns>
    Task<CommitResult> CommitAsync(CancellationToken cancellation);

    /// <summary>Forgets all tracked aggregates, so that the command can be executed again.</summary>
    void Reset();
}
