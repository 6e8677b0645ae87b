using System.Diagnostics;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>A fold with a maximum rate in events per second between <see cref="Begin"/> and <see cref="End"/>.</summary>
public sealed class PacedFold : IDisposable
{
    private readonly int eventsPerSecond;
    private readonly ManualResetEventSlim never = new();
    private long since;
    private long passed;

    public PacedFold(int eventsPerSecond)
    {
        this.eventsPerSecond = eventsPerSecond;
        Fold = new SteeredProjection { Before = _ => Pass() };
    }

    public SteeredProjection Fold { get; }

    public void Begin() => Volatile.Write(ref since, Stopwatch.GetTimestamp());

    /// <summary>Ends the limit. A rebuild with a limit would never catch up under unlimited load.</summary>
    public void End() => Volatile.Write(ref since, 0);

    public void Dispose() => never.Dispose();

    private void Pass()
    {
        if (Volatile.Read(ref since) is var start && start == 0)
            return;
        var due = TimeSpan.FromSeconds((double)Interlocked.Increment(ref passed) / eventsPerSecond);
        var early = due - Stopwatch.GetElapsedTime(start);
        if (early > TimeSpan.FromMilliseconds(2))
            never.Wait(early);
    }
}
