namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>Something that runs while somebody wants it, and for a while after the last one has left: one for all.</summary>
/// <typeparam name="TRun">What runs.</typeparam>
/// <param name="start">Starts it.</param>
/// <param name="linger">How long it stays when nobody wants it.</param>
public sealed class OnDemand<TRun>(Func<TRun> start, TimeSpan linger) : IAsyncDisposable
    where TRun : class, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource disposing = new();
    private TRun? running;
    private int wanted;
    private int leavings;

    /// <summary>How many want it now.</summary>
    public int Wanted => Volatile.Read(ref wanted);

    /// <summary>Wants it; each of these is to be followed by one <see cref="Leave"/>.</summary>
    public TRun Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposing.IsCancellationRequested, this);
            wanted++;
            return running ??= start();
        }
    }

    /// <summary>Does not want it any more.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (--wanted == 0)
                _ = EndLaterAsync(++leavings);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await disposing.CancelAsync();
        await EndAsync(_ => true);
        disposing.Dispose();
    }

    private async Task EndLaterAsync(int leaving)
    {
        await Task.Delay(linger, disposing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Somebody may have come, or come and left, since.
        await EndAsync(_ => wanted == 0 && leavings == leaving);
    }

    private async Task EndAsync(Func<TRun, bool> isOver)
    {
        TRun? ended = null;
        lock (gate)
        {
            if (running is not null && isOver(running))
                (ended, running) = (running, null);
        }

        if (ended is not null)
            await ended.DisposeAsync();
    }
}
