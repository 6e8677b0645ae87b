using Monolith.BuildingBlocks.Admin;
using Monolith.BuildingBlocks.Events.Kafka;
using Monolith.BuildingBlocks.Events.Postgres;
using Monolith.BuildingBlocks.Events.Postgres.Schema;
using Monolith.BuildingBlocks.Streaming;
using Monolith.BuildingBlocks.Streaming.Routes;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Host.Docs;
using Monolith.Host.Health;
using Monolith.Host.Logging;
using Monolith.Host.Pages;
using Monolith.Host.Telemetry;
using Monolith.Modules.Analytics;
using Monolith.Modules.Customers;
using Monolith.Modules.Orders;
using Monolith.Modules.Search;

namespace Monolith.Host;

/// <summary>Which modules and which transport the host is composed of.</summary>
public static class Composition
{
    /// <summary>All modules. The setting <c>Modules</c> chooses among them.</summary>
    internal static IModule[] Modules => [new CustomersModule(), new OrdersModule(), new SearchModule(), new AnalyticsModule()];

    /// <summary>The names of all modules.</summary>
    public static IReadOnlyList<string> ModuleNames => [.. Modules.Select(module => module.Name)];

    /// <summary>Builds the web application.</summary>
    /// <param name="args">Configuration from the command line.</param>
    /// <param name="settings">Settings that override the configuration.</param>
    public static WebApplication Build(string[] args, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(OptionsOf(args));
        // OperatorErrors reports a failed start, in one line.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Logging.LimitRepeats();
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        HostSettings.Require(builder.Configuration);
        builder.WebHost.UseUrls(HostSettings.Urls.Of(builder.Configuration));

        builder.AddTelemetry();
        builder.Services.AddWebDefaults();
        builder.Services.AddApiDocuments();
        builder.Services.AddProjectionAdmin();
        builder.AddModules(Modules);
        AddTransport(builder);
        builder.Services.AddLiveFeed(builder.Configuration);

        var app = builder.Build();
        foreach (var warning in HostSettings.Warnings(app.Configuration))
            app.Logger.LogWarning("{Warning}", warning);
        app.UseWebDefaults();
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

    /// <summary>The configuration of a command that does not serve: appsettings.json, the environment and the command line.</summary>
    /// <param name="args">Configuration from the command line.</param>
    public static ConfigurationManager Configuration(string[] args) => WebApplication.CreateSlimBuilder(OptionsOf(args)).Configuration;

    /// <summary>Applies the migrations of all modules. It can run repeatedly, and from two processes at once.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="cancellation">Cancels the operation.</param>
    /// <exception cref="Npgsql.NpgsqlException">PostgreSQL failed. A migration that failed can be applied again.</exception>
    public static async Task MigrateAsync(IConfiguration configuration, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        HostSettings.Require(builder.Configuration);
        builder.AddModules(Modules);
        // Development validates all services, but without a transport only the migrations can be resolved.
        builder.Host.UseDefaultServiceProvider(options => options.ValidateOnBuild = false);
        await using var app = builder.Build();
        foreach (var migration in app.Services.GetServices<IModuleMigration>())
            await migration.ApplyAsync(cancellation);
    }

    // appsettings.json is next to the program, whatever the working directory is.
    private static WebApplicationOptions OptionsOf(string[] args) => new() { Args = args, ContentRootPath = AppContext.BaseDirectory };

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
