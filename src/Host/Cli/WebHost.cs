using Monolith.BuildingBlocks.Web.Traffic;

namespace Monolith.Host.Cli;

/// <summary>Runs the web application until it is asked to stop.</summary>
internal static class WebHost
{
    // With the draining before it and what the servers take after it, ./run is gone within 10 s.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(4);

    /// <summary>The host by configuration alone: in production, in an IDE, under <c>dotnet watch</c>.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        var servers = await CheckoutServers.SettingsAsync(args);
        await using var app = Composition.Build(args, servers);
        if (servers is not null)
            await Composition.MigrateAsync(app.Configuration, CancellationToken.None);
        await RunAsync(app, ready: _ => { }, CancellationToken.None);
        return ExitCode.Done;
    }

    public static async Task RunAsync(WebApplication app, Action<string> ready, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (OperationCanceledException) when (app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to stop while still starting.
            return;
        }

        var url = app.Urls.First();
        ready(url);
        await Console.Out.WriteLineAsync($"ready: {url}");

        using var asked = stop.Register(app.Lifetime.StopApplication);
        await app.Lifetime.ApplicationStopping.WhenCancelledAsync();
        await app.Services.GetRequiredService<RequestTraffic>().DrainAsync();
        using var patience = new CancellationTokenSource(StopTimeout);
        await app.StopAsync(patience.Token);
    }
}
