namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>The keys under which commands of a module have succeeded. They are written by the unit of work, with what the command changed.</summary>
public interface IIdempotencyKeys
{
    /// <summary>Finds what was kept under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What was kept; null where no command has succeeded under the key.</returns>
    Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation);

    /// <summary>Whether a command has succeeded under a key: what other modules of the process ask before they use the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Cancels the look-up.</param>
    Task<bool> ContainsAsync(string key, CancellationToken cancellation);

    /// <summary>
    /// Stores the answer of a request that is no command of the module, in a separate transaction. A key that is stored already stays
    /// unchanged.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="payload">The hash of the request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellation">Cancels before it is stored.</param>
    Task KeepAsync(string key, byte[] payload, StoredResponse answer, CancellationToken cancellation);
}
