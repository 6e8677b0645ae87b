using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.Host;

/// <summary>Runs the web application and stops it gracefully.</summary>
public static class HostLifetime
{
    // Together with the draining before it and the local servers after it, ./run ends within 10 s.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(4);

    /// <summary>Starts the application, prints the ready line, and returns when the application has stopped.</summary>
    /// <param name="app">The application.</param>
    /// <param name="ready">Called with the application's URL before the ready line is printed.</param>
    /// <param name="stop">Stops the application, as SIGTERM and Ctrl-C do.</param>
    public static async Task RunAsync(WebApplication app, Action<string> ready, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(ready);
        try
        {
            await app.StartAsync(stop);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Stopped during the start.
            return;
        }

        var url = app.Urls.First();
        ready(url);
        await Console.Out.WriteLineAsync($"ready: {url}");

        using var registration = stop.Register(app.Lifetime.StopApplication);
        await Task.Delay(Timeout.InfiniteTimeSpan, app.Lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.Services.GetRequiredService<RequestTraffic>().DrainAsync();
        using var timeout = new CancellationTokenSource(StopTimeout);
        await app.StopAsync(timeout.Token);
    }
}
