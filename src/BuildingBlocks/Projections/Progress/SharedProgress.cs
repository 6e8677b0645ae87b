using System.Collections.Concurrent;
using Monolith.BuildingBlocks.Events.Transport;

namespace Monolith.BuildingBlocks.Projections.Progress;

/// <summary>What the processes that share a store tell each other of a projection: that somebody waits, and how far the partitions are that another process applies.</summary>
/// <param name="advanced">Pulsed when another process has said how far it is.</param>
/// <param name="clock">Tells how long ago that was.</param>
internal sealed class SharedProgress(LogSignal advanced, TimeProvider clock)
{
    /// <summary>How often others are asked while somebody waits; each ask is answered in full.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<LogPartition, (long Next, long At)> applied = new();
    private int waiting;

    /// <summary>Whether somebody here waits for what another process applies.</summary>
    public bool IsWaitedFor => Volatile.Read(ref waiting) > 0;

    /// <summary>Pulsed when the first begins to wait.</summary>
    public LogSignal Waited { get; } = new();

    /// <summary>Begins to wait.</summary>
    /// <returns>Ends the wait when it is disposed of; once.</returns>
    public IDisposable Wait()
    {
        if (Interlocked.Increment(ref waiting) == 1)
            Waited.Pulse();
        return new Waiter(this);
    }

    /// <summary>Whether another process has said that everything below an offset is visible. It stays true: a promotion never goes back.</summary>
    public bool HasApplied(LogPartition partition, long offset) => applied.TryGetValue(partition, out var heard) && heard.Next >= offset;

    /// <summary>Whether the process that applies a partition answers, so that nobody who waits has to look by himself.</summary>
    public bool IsTold(LogPartition partition) => applied.TryGetValue(partition, out var heard) && clock.GetElapsedTime(heard.At) < 2 * AskEvery;

    /// <summary>Another process has applied a partition up to an offset.</summary>
    public void Hear(LogPartition partition, long next)
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
