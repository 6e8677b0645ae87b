namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// Wakes waiting readers when a log has grown. A reader notes the <see cref="Version"/>, reads, and then waits for a later version. No
/// pulse between the read and the wait is lost. Thread-safe.
/// </summary>
public sealed class LogSignal
{
    private long version;
    private TaskCompletionSource next = NewSource();

    /// <summary>Increases with every pulse.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Wakes all waiters.</summary>
    public void Pulse()
    {
        Interlocked.Increment(ref version);
        // Exchanged after the increment: a waiter on the old source has noted an older version.
        Interlocked.Exchange(ref next, NewSource()).TrySetResult();
    }

    /// <summary>Waits until the version is later than the noted one.</summary>
    /// <param name="seen">The noted version.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public Task WaitAsync(long seen, CancellationToken cancellation)
    {
        // Read before the version: a pulse in between completes this source.
        var source = Volatile.Read(ref next);
        return Version != seen ? Task.CompletedTask : source.Task.WaitAsync(cancellation);
    }

    /// <summary>
    /// Waits until the version is later than the noted one, or a time has passed. An ended wait leaves no registration behind.
    /// </summary>
    /// <param name="seen">The noted version.</param>
    /// <param name="atMost">The time.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    public async Task WaitAsync(long seen, TimeSpan atMost, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(atMost);
        await WaitAsync(seen, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
