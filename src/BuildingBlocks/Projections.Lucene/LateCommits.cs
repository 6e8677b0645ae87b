namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>
/// Brings what live batches wrote to the disk, a moment after the first of them: a commit waits for the disk several times, a batch that had to wait for it would hold up the next. A crash in between costs
/// that moment: the checkpoints go back with the rows, and the log is read again from there.
/// </summary>
internal sealed class LateCommits(Func<IEnumerable<LuceneGeneration>> generations, Action<int, Exception> failed) : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock one = new();
    private Task running = Task.CompletedTask;
    private bool started;

    public void Start()
    {
        lock (one)
        {
            if (!started)
                running = Task.Run(RunAsync);
            started = true;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(LookEvery);
        while (await timer.WaitForNextTickAsync(stopping.Token))
        {
            foreach (var generation in generations())
            {
                if (IsDue(generation))
                    await CommitAsync(generation);
            }
        }
    }

    private async Task CommitAsync(LuceneGeneration generation)
    {
        try
        {
            await generation.Batches.WaitAsync(stopping.Token);
            try
            {
                if (IsDue(generation))
                    generation.Commit();
            }
            finally
            {
                generation.Batches.Release();
            }
        }
        catch (Exception exception) when (!stopping.IsCancellationRequested)
        {
            failed(generation.Number, exception);
            await Task.Delay(AfterFailure, stopping.Token);
        }
    }

    private static bool IsDue(LuceneGeneration generation) =>
        generation is { HasEnded: false, ChangedAt: > 0 and var since } && Environment.TickCount64 - since >= After.TotalMilliseconds;
}
