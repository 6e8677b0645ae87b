namespace Monolith.BuildingBlocks.Events.Channels;

/// <summary>Work that goes on for as long as the process does, whatever becomes of the servers that it needs.</summary>
public static class RetryLoop
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Does the work, and begins anew two seconds after an exception.</summary>
    /// <param name="work">The work; it ends by being stopped, or by an exception.</param>
    /// <param name="interrupted">Told of each exception.</param>
    /// <param name="stopping">Ends it.</param>
    public static async Task RunAsync(Func<CancellationToken, Task> work, Action<Exception> interrupted, CancellationToken stopping)
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
                interrupted(exception);
                await Task.Delay(Pause, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
