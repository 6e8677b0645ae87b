using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Events.Transport;
using Monolith.BuildingBlocks.Streaming.Places;

namespace Monolith.BuildingBlocks.Streaming.Following;

/// <summary>The past that is no longer in the ring, read from the transport for one listener until it has reached the ring. Few at a time in a process: each is a reader of its own.</summary>
internal sealed class History : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly IAsyncEnumerator<IReadOnlyList<LogRecord>> records;
    private readonly SemaphoreSlim turns;
    private readonly long[] goal;
    private Task<bool>? reading;

    private History(IEventTransport transport, LogLayout layout, long[] seen, long[] goal, SemaphoreSlim turns)
    {
        this.turns = turns;
        this.goal = goal;
        records = transport.FollowAsync(layout.OffsetsOf(seen), ending.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Begins to read as soon as it may; null where it may not within the time.</summary>
    public static async ValueTask<History?> BeginAsync(IEventTransport transport, Followed followed, long[] seen, SemaphoreSlim turns, TimeSpan atMost, CancellationToken cancellation) =>
        await turns.WaitAsync(atMost, cancellation) ? new History(transport, followed.Layout, seen, followed.Ring.Newest(), turns) : null;

    /// <summary>Whether somebody who has seen this much has no more need of it.</summary>
    public bool IsOver(long[] seen) => seen.Zip(goal).All(partition => partition.First >= partition.Second);

    /// <summary>The next records; none where none came within the time.</summary>
    /// <exception cref="InvalidOperationException">The transport has ended it.</exception>
    public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        reading ??= records.MoveNextAsync().AsTask();
        try
        {
            if (!await reading.WaitAsync(atMost, cancellation))
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
        turns.Release();
    }
}
