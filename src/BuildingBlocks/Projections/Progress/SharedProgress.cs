using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>
/// The progress of a projection that other processes with the same store have reported, and whether requests of this process wait for it.
/// The signal is pulsed with every report.
/// </summary>
internal sealed class SharedProgress(LogSignal advanced, TimeProvider clock)
{
    /// <summary>How often progress is requested while requests wait. Each time, the other processes report all their partitions.</summary>
    public static readonly TimeSpan RequestInterval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LogPartition, (long Next, long At)> applied = new();
    private int waiting;

    /// <summary>Whether requests of this process wait for events that another process applies.</summary>
    public bool HasWaiters => Volatile.Read(ref waiting) > 0;

    /// <summary>Pulsed when the first request starts to wait.</summary>
    public LogSignal WaitStarted { get; } = new();

    /// <summary>A request starts to wait.</summary>
    /// <returns>Ends the wait when it is disposed, which must happen once.</returns>
    public IDisposable Wait()
    {
        if (Interlocked.Increment(ref waiting) == 1)
            WaitStarted.Pulse();
        return new Waiter(this);
    }

    /// <summary>
    /// Whether another process has reported that all events below an offset are visible. It stays true, since a promotion never goes back.
    /// </summary>
    public bool HasApplied(LogPartition partition, long offset) =>
        applied.TryGetValue(partition, out var report) && report.Next >= offset;

    /// <summary>Whether the process that applies a partition sends reports, so that the store need not be read.</summary>
    public bool IsReported(LogPartition partition) =>
        applied.TryGetValue(partition, out var report) && clock.GetElapsedTime(report.At) < 2 * RequestInterval;

    /// <summary>Another process has reported the next offset of a partition.</summary>
    public void Report(LogPartition partition, long next)
    {
        var now = clock.GetTimestamp();
        applied.AddOrUpdate(partition, (next, now), (_, known) => (Math.Max(known.Next, next), now));
        advanced.Pulse();
    }

    private sealed class Waiter(SharedProgress progress) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref progress.waiting);
    }
}
