namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>
/// The idempotency keys under which commands of a module have succeeded. The unit of work stores the key of a command together with its
/// changes.
/// </summary>
public interface IIdempotencyKeys
{
    /// <summary>Reads the record of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <returns>The record; null if no command has succeeded under the key.</returns>
    Task<IdempotencyRecord?> FindAsync(string key, CancellationToken cancellation);

    /// <summary>Whether a command has succeeded under a key. Other modules of the process check this before they use the key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task<bool> ContainsAsync(string key, CancellationToken cancellation);

    /// <summary>
    /// Stores the response to a request that is not a command of the module, in a separate transaction. A key that is stored already stays
    /// unchanged.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="payload">The hash of the request.</param>
    /// <param name="response">The response.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    Task StoreAsync(string key, byte[] payload, StoredResponse response, CancellationToken cancellation);
}
