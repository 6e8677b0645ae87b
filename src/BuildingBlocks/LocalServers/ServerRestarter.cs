using System.Globalization;

namespace Monolith.BuildingBlocks.LocalServers;

/// <summary>Restarts a local server that stops unexpectedly, with growing delays and a limited number of attempts.</summary>
public sealed class ServerRestarter(ILocalServer server, Action<string> report, TimeProvider clock)
{
    private const int MaxAttempts = 5;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);

    // A server that has run for this long has recovered: its next stop is a new failure, with all attempts.
    private static readonly TimeSpan RecoveredAfter = TimeSpan.FromSeconds(30);

    /// <summary>Watches and restarts the server until it is stopped.</summary>
    /// <param name="stop">Ends the watch, also between two attempts. The server is not restarted after that.</param>
    /// <exception cref="LocalServerException">All attempts failed. The message has the last reason.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        var attempts = 0;
        try
        {
            while (true)
            {
                var started = clock.GetTimestamp();
                var reason = $"{server.Name} stopped unexpectedly ({await server.StoppedAsync(stop)})";
                if (clock.GetElapsedTime(started) >= RecoveredAfter)
                    attempts = 0;
                while (await RestartAsync(reason, ++attempts, stop) is { } failure)
                    reason = failure;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A deliberate stop.
        }
    }

    // Returns null if the server runs again, else the reason of the failure.
    private async Task<string?> RestartAsync(string reason, int attempt, CancellationToken stop)
    {
        if (attempt > MaxAttempts)
        {
            throw new LocalServerException(string.Create(
                CultureInfo.InvariantCulture, $"{server.Name} does not stay up after {MaxAttempts} restarts: {reason}"));
        }

        // Before the report: a signal to all processes of a session or machine may reach the server before it reaches this process.
        await Task.Delay(DelayBefore(attempt), clock, stop);
        report(string.Create(CultureInfo.InvariantCulture, $"{reason}; restarting it (attempt {attempt} of {MaxAttempts})."));
        try
        {
            await server.RestartAsync(stop);
            return null;
        }
        catch (Exception exception) when (exception is LocalServerException or IOException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    private static TimeSpan DelayBefore(int attempt)
    {
        var delay = FirstDelay * Math.Pow(2, attempt - 1);
        return delay < LongestDelay ? delay : LongestDelay;
    }
}
