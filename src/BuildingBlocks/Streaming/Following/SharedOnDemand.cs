namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>A shared resource that is started for its first user, and stopped some time after its last user has left.</summary>
/// <typeparam name="T">The resource.</typeparam>
/// <param name="start">Starts it.</param>
/// <param name="linger">How long it runs without users.</param>
public sealed class SharedOnDemand<T>(Func<T> start, TimeSpan linger) : IAsyncDisposable
    where T : class, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource disposing = new();
    private T? running;
    private int users;
    private int leavings;

    /// <summary>The number of users.</summary>
    public int Users => Volatile.Read(ref users);

    /// <summary>Adds a user, which must call <see cref="Leave"/> once.</summary>
    public T Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposing.IsCancellationRequested, this);
            users++;
            return running ??= start();
        }
    }

    /// <summary>Removes a user.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--users == 0)
                _ = StopLaterAsync(++leavings);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync();
        await StopAsync(() => true);
        disposing.Dispose();
    }

    private async Task StopLaterAsync(int leaving)
    {
        await Task.Delay(linger, disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Another user may have entered, or entered and left, in the meantime.
        await StopAsync(() => users == 0 && leavings == leaving);
    }

    private async Task StopAsync(Func<bool> isUnused)
    {
        T? stopped = null;
        lock (gate)
        {
            if (running is not null && isUnused())
                (stopped, running) = (running, null);
        }

        if (stopped is not null)
            await stopped.DisposeAsync();
    }
}
