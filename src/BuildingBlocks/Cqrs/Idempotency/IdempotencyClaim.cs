namespace Monolith.BuildingBlocks.Cqrs.Idempotency;

/// <summary>
/// A caller's wish that a command is done at most once, however often it is sent: the key that names the attempt, and what tells whether a second request with it is the same request. The header and its
/// rules follow the IETF draft "The Idempotency-Key HTTP Header Field".
/// </summary>
/// <param name="key">The caller's key.</param>
/// <param name="payload">A hash of method, path and body.</param>
/// <param name="form">Makes the answer to send of what a handler answered.</param>
public sealed class IdempotencyClaim(string key, byte[] payload, Func<object, StoredResponse> form)
{
    /// <summary>The caller's key.</summary>
    public string Key => key;

    /// <summary>A hash of method, path and body.</summary>
    public byte[] Payload => payload;

    /// <summary>The answer to send: that of this command once its handler has answered, or the one that was kept. Null before.</summary>
    public StoredResponse? Answer { get; private set; }

    /// <summary>Whether <see cref="Answer"/> is that of an earlier request.</summary>
    public bool IsReplay { get; private set; }

    internal void Form(object value) => Answer = form(value);

    internal void Replay(StoredResponse kept)
    {
        Answer = kept;
        IsReplay = true;
    }
}
