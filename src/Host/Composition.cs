using Monolith.BuildingBlocks.Admin;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Streaming.Streams;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Host.Docs;
using Monolith.Host.Health;
using Monolith.Host.Logging;
using Monolith.Host.Pages;
using Monolith.Host.Settings;
using Monolith.Host.Telemetry;
using Monolith.Modules.Analytics;
using Monolith.Modules.Customers;
using Monolith.Modules.Orders;
using Monolith.Modules.Search;

namespace Monolith.Host;

/// <summary>The host's table of contents.</summary>
internal static class Composition
{
    /// <summary>Every module there is; the setting <c>Modules</c> may choose among them.</summary>
    public static IModule[] Modules => [new CustomersModule(), new OrdersModule(), new SearchModule(), new AnalyticsModule()];

    /// <summary>Builds the web application from .NET configuration plus the given settings.</summary>
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        // Its settings lie beside the binary, wherever it is called from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        // What fails at start is said once, in one line, by whoever started the host.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.LimitRepeats();
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        HostSettings.Require(builder.Configuration);
        builder.WebHost.UseUrls(HostSettings.Urls.Of(builder.Configuration));

        builder.AddTelemetry();
        builder.Services.AddWebEdge();
        builder.Services.AddApiDocuments();
        builder.Services.AddProjectionAdmin();
        builder.AddModules(Modules);
        AddTransport(builder);
        builder.Services.AddLiveFeed(builder.Configuration);

        var app = builder.Build();
        foreach (var doubt in HostSettings.Warnings(app.Configuration))
            app.Logger.LogWarning("{Doubt}", doubt);
        app.UseWebEdge();
        app.MapHealth();
        app.MapMetrics();
        app.MapModules();
        app.MapEventStream("/api/v1/stream", property: "customerId");
        app.MapPages();
        app.MapApiDocument();
        app.MapDocsPage();
        app.MapAdmin();
        return app;
    }

    /// <summary>Applies the migrations of all modules; safe to run twice and from two processes.</summary>
    public static async Task MigrateAsync(IConfiguration configuration, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        HostSettings.Require(builder.Configuration);
        builder.AddModules(Modules);
        await using var app = builder.Build();
        foreach (var migration in app.Services.GetServices<IModuleMigration>())
            await migration.ApplyAsync(cancellation);
    }

    private static void AddTransport(WebApplicationBuilder builder)
    {
        if (HostSettings.Transport.Of(builder.Configuration) == HostSettings.Kafka)
        {
            builder.Services.AddKafkaTransport(builder.Configuration);
            builder.Services.AddRelays();
        }
        else
        {
            builder.Services.AddInProcessTransport();
        }
    }
}
