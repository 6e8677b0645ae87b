using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.Testing;

namespace Monolith.Host.Tests.OpenApi;

/// <summary>
/// The host with all modules, in this process, on a private PostgreSQL. It starts when the first test needs it.
/// </summary>
public sealed class OpenHost : IAsyncDisposable
{
    private static readonly TimeSpan CaughtUpWithin = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private readonly SemaphoreSlim turn = new(1);
    private PostgresFixture? postgres;
    private WebApplication? app;

    /// <summary>Marks a request whose headers are sent as Latin-1.</summary>
    public static HttpRequestOptionsKey<bool> Latin1Headers { get; } = new("latin1-headers");

    /// <summary>Requests to the host; a header may have any character.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, request) =>
            request.Options.TryGetValue(Latin1Headers, out var isLatin1) && isLatin1 ? Encoding.Latin1 : Encoding.UTF8,
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    /// <summary>The database, as superuser.</summary>
    public string Database => postgres!.ConnectionString;

    /// <summary>The routes of the running host.</summary>
    public EndpointDataSource Endpoints => app!.Services.GetRequiredService<EndpointDataSource>();

    /// <summary>Starts the host if it is not running.</summary>
    public async Task<OpenHost> RunningAsync()
    {
        await turn.WaitAsync();
        try
        {
            if (app is null)
                await StartAsync();
            return this;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Waits until the read models have caught up.</summary>
    public Task CaughtUpAsync() => app!.Services.WaitUntilCaughtUpAsync(CaughtUpWithin);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        if (postgres is not null)
            await postgres.DisposeAsync();
        folder.Dispose();
        turn.Dispose();
    }

    private async Task StartAsync()
    {
        postgres = await PostgresFixture.StartAsync();
        var host = Composition.Build([], new Dictionary<string, string?>
        {
            ["ConnectionStrings:Monolith"] = postgres.ConnectionString,
            ["Stores:Folder"] = folder.Below("stores"),
            ["Urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = nameof(LogLevel.Error),
        });
        await Composition.MigrateAsync(host.Configuration, CancellationToken.None);
        await host.StartAsync();
        Client.BaseAddress = new Uri(host.Urls.First());
        app = host;
        await Eventually.HoldsAsync(
            CaughtUpWithin,
            async () =>
                (await Client.GetAsync(new Uri("/health/ready", UriKind.Relative))) is { IsSuccessStatusCode: true } ? null : "not ready");
        await CaughtUpAsync();
    }
}
