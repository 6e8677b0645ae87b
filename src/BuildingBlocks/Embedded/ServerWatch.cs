using System.Globalization;

namespace Monolith.BuildingBlocks.Embedded;

/// <summary>Restarts a private server that stops unexpectedly, with growing pauses and a bounded number of attempts.</summary>
public sealed class ServerWatch(IPrivateServer server, Action<string> report, TimeProvider clock)
{
    private const int MostAttempts = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    // A server that has run for this long has recovered: its next stop is a new failure, with all attempts.
    private static readonly TimeSpan RecoveredAfter = TimeSpan.FromSeconds(30);

    /// <summary>Watches the server until it is asked to stop.</summary>
    /// <param name="stop">Ends the watch, also between two attempts; afterwards the server is not restarted.</param>
    /// <exception cref="LocalServerException">The attempts are used up. The message names the last reason.</exception>
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
                while (await FailureAsync(reason, ++attempts, stop) is { } failure)
                    reason = failure;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A deliberate stop.
        }
    }

    // Null: the server runs again.
    private async Task<string?> FailureAsync(string reason, int attempt, CancellationToken stop)
    {
        if (attempt > MostAttempts)
        {
            throw new LocalServerException(string.Create(
                CultureInfo.InvariantCulture, $"{server.Name} does not stay up after {MostAttempts} restarts: {reason}"));
        }

        // Before the report: a signal to all processes of a session or machine may reach the server before it reaches this process.
        await Task.Delay(Pause(attempt), clock, stop);
        report(string.Create(CultureInfo.InvariantCulture, $"{reason}; restarting it (attempt {attempt} of {MostAttempts})."));
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

    private static TimeSpan Pause(int attempt)
    {
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        return pause < LongestPause ? pause : LongestPause;
    }
}
