namespace Monolith.Host.Cli.Admin;

/// <summary>Asks on while a host is away for a moment: somebody restarts it.</summary>
internal static class HostWaitTimeout
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);

    /// <summary>Asks until the host answers, for 30 s without an answer at the most.</summary>
    /// <param name="ask">What is asked; it changes nothing.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (HostAwayException) when (TimeProvider.System.GetElapsedTime(started) < Longest)
            {
                await Task.Delay(Between, stop);
            }
        }
    }
}
