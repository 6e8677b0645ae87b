using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Admin;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Projections.Operating;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;

namespace Monolith.Testing;

/// <summary>
/// Modules behind the web edge, on a free port of this machine; transport and projections are optional.
/// </summary>
public sealed class ModuleHost : IAsyncDisposable
{
    private static readonly TimeSpan StoresBuiltWithin = TimeSpan.FromSeconds(60);

    private readonly WebApplication app;

    private ModuleHost(WebApplication app, RecordedLog log)
    {
        this.app = app;
        Log = log;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    /// <summary>The recorded log entries.</summary>
    public RecordedLog Log { get; }

    public IServiceProvider Services => app.Services;

    /// <summary>
    /// Runs the modules with their projections until every read model is live, then stops. The stores exist afterwards.
    /// </summary>
    public static async Task BuildStoresAsync(string connectionString, params IModule[] modules)
    {
        await using var host =
            await StartAsync(connectionString, modules, builder => builder.Services.AddInProcessTransport(), readSide: true);
        var projections = host.Services.GetServices<IProjectionControl>().ToArray();
        await Eventually.HoldsAsync(StoresBuiltWithin, async () =>
        {
            foreach (var projection in projections)
            {
                if ((await projection.ReportAsync(CancellationToken.None)).Live is null)
                    return $"{projection.Name} is not live yet";
            }

            return null;
        });
    }

    /// <summary>
    /// Migrates the modules' schemas and starts listening; with the read side, projections, reactors and the relay run as in the host.
    /// </summary>
    public static async Task<ModuleHost> StartAsync(
        string connectionString, IModule[] modules, Action<WebApplicationBuilder>? configure = null, bool readSide = false)
    {
        var log = new RecordedLog();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:Monolith", connectionString)]);
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddRouting();
        builder.Services.AddWebDefaults();
        builder.AddModules(modules);
        if (!readSide)
            builder.Services.RemoveAll<IHostedService>();
        configure?.Invoke(builder);

        var app = builder.Build();
        foreach (var migration in app.Services.GetServices<IModuleMigration>())
            await migration.ApplyAsync(CancellationToken.None);
        app.UseWebDefaults();
        app.MapModules();
        app.MapAdmin();
        await app.StartAsync();
        return new ModuleHost(app, log);
    }

    /// <summary>Sends a command in its own scope, as a request does.</summary>
    public async Task<Result<T>> Send<T>(ICommand<T> command, CancellationToken cancellation = default)
    {
        await using var scope = Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<IDispatcher>().Send(command, cancellation)).Result;
    }

    /// <summary>Sends a query in its own scope, as a request does.</summary>
    public async Task<Result<T>> Ask<T>(IQuery<T> query, CancellationToken cancellation = default)
    {
        await using var scope = Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IDispatcher>().Query(query, cancellation);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
