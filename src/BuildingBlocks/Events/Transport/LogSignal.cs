namespace Monolith.BuildingBlocks.Events.Transport;

/// <summary>
/// Tells waiting readers that a log has grown. A waiter first notes the <see cref="Version"/>, then looks, then waits for a later one: no pulse between look and wait is lost.
/// </summary>
public sealed class LogSignal
{
    private long version;
    private TaskCompletionSource next = NewSource();

    /// <summary>Grows with every pulse.</summary>
    public long Version => Volatile.Read(ref version);

    /// <summary>Wakes everybody who waits. Cheap where nobody does.</summary>
    public void Pulse()
    {
        Interlocked.Increment(ref version);
        // Taken after the increment: whoever still waits on the old source noted an older version.
        Interlocked.Exchange(ref next, NewSource()).TrySetResult();
    }

    /// <summary>Waits until the version is past the one that the caller noted.</summary>
    /// <param name="seen">The noted version.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task WaitAsync(long seen, CancellationToken cancellation)
    {
        // Read before the version: a pulse in between completes this very source.
        var source = Volatile.Read(ref next);
        return Version != seen ? Task.CompletedTask : source.Task.WaitAsync(cancellation);
    }

    /// <summary>Waits until the version is past the one that the caller noted, or a time has passed. A wait that ends leaves nothing behind, also where nobody ever pulses.</summary>
    /// <param name="seen">The noted version.</param>
    /// <param name="atMost">For how long.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task WaitAsync(long seen, TimeSpan atMost, CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(atMost);
        await WaitAsync(seen, bounded.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
