using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>
/// Reads the events that are no longer in the ring from the transport, for one listener, until it has reached the ring. Each history is a
/// separate reader, so that a process reads only a few at the same time.
/// </summary>
internal sealed class History : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly IAsyncEnumerator<IReadOnlyList<LogRecord>> records;
    private readonly SemaphoreSlim slots;
    private readonly long[] goal;
    private Task<bool>? reading;

    private History(IEventTransport transport, FollowedLogs followed, long[] seen, SemaphoreSlim slots)
    {
        this.slots = slots;
        goal = followed.Ring.Newest();
        records = transport.FollowAsync(followed.Layout.OffsetsOf(seen), ending.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Starts to read when a slot is free; null if none is within the timeout.</summary>
    public static async ValueTask<History?> StartAsync(
        IEventTransport transport,
        FollowedLogs followed,
        long[] seen,
        SemaphoreSlim slots,
        TimeSpan timeout,
        CancellationToken cancellation) =>
        await slots.WaitAsync(timeout, cancellation) ? new History(transport, followed, seen, slots) : null;

    /// <summary>Whether a listener that has seen these offsets has reached the ring.</summary>
    public bool IsComplete(long[] seen) => seen.Zip(goal).All(partition => partition.First >= partition.Second);

    /// <summary>The next records; empty if none arrive within the timeout.</summary>
    /// <exception cref="InvalidOperationException">The transport has ended the history.</exception>
    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        reading ??= records.MoveNextAsync().AsTask();
        try
        {
            if (!await reading.WaitAsync(timeout, cancellation))
                throw new InvalidOperationException("The transport ended the history of a stream.");
        }
        catch (TimeoutException)
        {
            return [];
        }

        reading = null;
        return records.Current;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        if (reading is not null)
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await records.DisposeAsync();
        ending.Dispose();
        slots.Release();
    }
}
