namespace Monolith.BuildingBlocks.Events.Channels;

/// <summary>Runs work that must continue for as long as the process runs, even when the servers that it needs are interrupted.</summary>
public static class RetryLoop
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Runs the work. After an exception, or when the work ends, it is started again; after an exception with a pause of 2 seconds.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="failed">Called for each exception.</param>
    /// <param name="stopping">Stops the work.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Action<Exception> failed, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                failed(exception);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
