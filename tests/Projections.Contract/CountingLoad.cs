using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Projections.Contract.Sample;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>Counts counters while clients read them, and checks every answer.</summary>
public sealed class CountingLoad : IAsyncDisposable
{
    private const int Readers = 2;
    private const int FewestReads = 100;

    private static readonly TimeSpan WriteEvery = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentQueue<string> faults = new();
    private readonly StoreUnderTest store;
    private readonly Task[] running;
    private readonly bool writes;
    private long reads;
    private long advances;

    public CountingLoad(StoreUnderTest store, SampleWriter? writer, Guid[] counters)
    {
        this.store = store;
        writes = writer is not null;
        running =
        [
            .. Enumerable.Range(0, Readers).Select(_ => Task.Run(() => ReadAsync(counters))),
            .. writer is null ? Array.Empty<Task>() : [Task.Run(() => WriteAsync(writer, counters))]
        ];
    }

    public long Reads => Volatile.Read(ref reads);

    /// <summary>Stops the load and asserts that readers saw new events and no wrong answer.</summary>
    public async Task ShouldHaveBeenFlawlessAsync()
    {
        await EndAsync();
        faults.ShouldBeEmpty();
        Reads.ShouldBeGreaterThan(FewestReads);
        if (writes)
            Volatile.Read(ref advances).ShouldBeGreaterThan(0, "no reader saw a written event");
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        ending.Dispose();
    }

    private async Task EndAsync()
    {
        await ending.CancelAsync();
        await Task.WhenAll(running);
    }

    private async Task WriteAsync(SampleWriter writer, Guid[] counters)
    {
        // An in-memory log accepts events faster than any store applies them.
        using var rhythm = new PeriodicTimer(WriteEvery);
        while (!ending.IsCancellationRequested)
        {
            await writer.CountAsync(counters, 1);
            await rhythm.WaitForNextTickAsync();
        }
    }

    // No counter is removed, so that the number of its events never falls.
    private async Task ReadAsync(Guid[] counters)
    {
        var seen = new Dictionary<Guid, long>();
        var reader = await store.NewReaderAsync();
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            var counter = counters[i % counters.Length];
            try
            {
                var events = await reader.EventsOfAsync(counter);
                if (events < seen.GetValueOrDefault(counter))
                    faults.Enqueue($"{counter} had {seen[counter]} events and now has {events}");
                else if (seen.TryGetValue(counter, out var before) && events > before)
                    Interlocked.Increment(ref advances);
                seen[counter] = events;
            }
            catch (Exception exception)
            {
                faults.Enqueue($"{exception.GetType().Name}: {exception.Message}");
            }

            Interlocked.Increment(ref reads);
        }

        await reader.CloseAsync();
    }
}
