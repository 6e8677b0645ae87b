namespace Monolith.Cli.Admin;

/// <summary>Repeats reads while the host is unavailable, such as during a restart.</summary>
internal static class HostRetry
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(500);

    public static async Task<T> RunAsync<T>(Func<Task<T>> read, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await read();
            }
            catch (HostUnavailableException) when (TimeProvider.System.GetElapsedTime(started) < Timeout)
            {
                await Task.Delay(Delay, stop);
            }
        }
    }
}
