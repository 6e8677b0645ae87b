using Monolith.BuildingBlocks.Events;

namespace Monolith.BuildingBlocks.Projections.Contract;

/// <summary>A fold that stands still before an event of its choice, until it is let go on.</summary>
public sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim open = new();
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long left;
    private bool held;

    /// <param name="after">How many events pass before.</param>
    public Gate(long after)
    {
        left = after;
        Fold = new SteeredProjection { Before = Pass };
    }

    public SteeredProjection Fold { get; }

    /// <summary>Completes when somebody stands before it.</summary>
    public Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void CloseAfter(long events) => Volatile.Write(ref left, events);

    /// <summary>Whoever stands there goes on standing; nobody else is stopped.</summary>
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
