using System.Collections.Concurrent;
using System.Diagnostics;
using Monolith.BuildingBlocks.Tests.Sample;

namespace Monolith.BuildingBlocks.Tests.Generations;

/// <summary>Counts counters and reads them meanwhile, as a client would: every answer is looked at.</summary>
internal sealed class CountingLoad : IAsyncDisposable
{
    private const int Readers = 2;

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly StoreUnderTest store;
    private readonly Task[] running;
    private long reads;
    private long longest;

    public CountingLoad(StoreUnderTest store, SampleWriter? writer, Guid[] counters)
    {
        this.store = store;
        running = [.. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(counters))), .. writer is null ? Array.Empty<Task>() : [Task.Run(() => WriteAsync(writer, counters))]];
    }

    /// <summary>What was wrong with answers.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public long Reads => Volatile.Read(ref reads);

    /// <summary>The read that took longest.</summary>
    public TimeSpan Longest => TimeSpan.FromTicks(Volatile.Read(ref longest));

    /// <summary>Measures from here on.</summary>
    public void Forget() => Volatile.Write(ref longest, 0);

    public async Task EndAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private async Task WriteAsync(SampleWriter writer, Guid[] counters)
    {
        while (!ending.IsCancellationRequested)
            await writer.CountAsync(counters, 1);
    }

    // A counter that nobody removes is only ever counted up.
    private async Task ReadAsync(Guid[] counters)
    {
        var seen = new Dictionary<Guid, long>();
        var reader = await store.NewReaderAsync();
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            var counter = counters[i % counters.Length];
            var since = Stopwatch.GetTimestamp();
            try
            {
                var events = await reader.EventsOfAsync(counter);
                if (events < seen.GetValueOrDefault(counter))
                    faults.Enqueue($"{counter} had {seen[counter]} events and now has {events}");
                seen[counter] = events;
            }
            catch (Exception exception)
            {
                faults.Enqueue($"{exception.GetType().Name}: {exception.Message}");
            }

            Interlocked.Increment(ref reads);
            var took = Stopwatch.GetElapsedTime(since).Ticks;
            for (var known = Volatile.Read(ref longest); took > known; known = Volatile.Read(ref longest))
            {
                if (Interlocked.CompareExchange(ref longest, took, known) == known)
                    break;
            }
        }

        await reader.CloseAsync();
    }
}
