namespace Monolith.BuildingBlocks.Events.Idempotency;

/// <summary>
/// The idempotency key of a request: the command is executed at most once under it. The rules follow the IETF draft "The
/// Idempotency-Key HTTP Header Field".
/// </summary>
/// <param name="key">The client's key.</param>
/// <param name="payload">A hash of the request. A second request with the same key and another hash is refused.</param>
/// <param name="createResponse">Creates the response to store from the value that the handler returned.</param>
public sealed class IdempotencyClaim(string key, byte[] payload, Func<object, StoredResponse> createResponse)
{
    /// <summary>The client's key.</summary>
    public string Key => key;

    /// <summary>A hash of the request.</summary>
    public byte[] Payload => payload;

    /// <summary>The response that is stored with the command's events; null until the handler has returned a value.</summary>
    public StoredResponse? Response { get; private set; }

    /// <summary>Creates the response to store. A handler that runs again after a lost race replaces it.</summary>
    /// <param name="value">The value that the handler returned.</param>
    public void Complete(object value) => Response = createResponse(value);
}
