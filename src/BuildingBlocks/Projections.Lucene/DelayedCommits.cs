namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>
/// Commits live batches to the disk with a delay: a commit waits for several flushes, which would delay the next batch. After a crash,
/// checkpoints and rows are those of the last commit, and the log is read again from there.
/// </summary>
internal sealed class DelayedCommits(Func<IEnumerable<LuceneGeneration>> generations, Action<int, Exception> failed) : IDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CommitDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private Task running = Task.CompletedTask;
    private bool started;

    public void Start()
    {
        lock (gate)
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
        using var timer = new PeriodicTimer(CheckInterval);
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
            await Task.Delay(RetryDelay, stopping.Token);
        }
    }

    private static bool IsDue(LuceneGeneration generation) =>
        generation is { HasEnded: false, ChangedAt: > 0 and var since } && Environment.TickCount64 - since >= CommitDelay.TotalMilliseconds;
}
