using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>A fold that blocks before a chosen event until the gate is opened.</summary>
public sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim open = new();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long left;
    private bool held;

    /// <param name="after">The number of events that pass before the gate closes.</param>
    public Gate(long after)
    {
        left = after;
        Fold = new SteeredProjection { Before = Pass };
    }

    public SteeredProjection Fold { get; }

    /// <summary>Completes when a fold waits at the gate.</summary>
    public Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void CloseAfter(long events) => Volatile.Write(ref left, events);

    /// <summary>Keeps the waiting fold blocked and lets all other folds pass.</summary>
    public void LetOthersPass() => Volatile.Write(ref held, true);

    public void Open() => open.Set();

    public void Dispose()
    {
        open.Set();
    }

    private void Pass(Event happened)
    {
        if (Volatile.Read(ref held) || Interlocked.Decrement(ref left) >= 0)
            return;
        reached.TrySetResult();
        open.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue();
    }
}
