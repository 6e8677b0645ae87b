using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.Modules.Analytics.Api;
using Monolith.Modules.Analytics.Application.Exports;
using Monolith.Modules.Analytics.Application.Live;
using Monolith.Modules.Analytics.Application.Reports;
using Monolith.Modules.Analytics.Infrastructure.Exports;
using Monolith.Modules.Analytics.Infrastructure.Projections;
using Monolith.Modules.Analytics.Infrastructure.Reports;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics;

/// <summary>Reports over orders and customers, live figures, and Parquet exports. Reads only events and needs no database.</summary>
public sealed class AnalyticsModule : IModule
{
    internal const string ModuleName = "Analytics";

    /// <inheritdoc />
    public string Name => ModuleName;

    /// <inheritdoc />
    public void AddServices(ModuleBuilder module)
    {
        module.ReadsLog(CustomersTopic.Name, CustomersJson.Contracts);
        module.ReadsLog(OrdersTopic.Name, OrdersJson.Contracts);

        module.Projection<OrderProjection>(OrderProjection.Name, version: 1)
            .KeyedByStream()
            .ToDuckDb(OrderTables.All);

        module.Projection<CustomerProjection>(CustomerProjection.Name, version: 1)
            .KeyedByStream()
            .ToDuckDb(CustomerTables.All);

        AddReports(module.Services);
        AddExports(module);
        AddLiveFigures(module.Services);
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints) => AnalyticsRoutes.Map(endpoints);

    private static void AddReports(IServiceCollection services)
    {
        services.AddSingleton<IReports, DuckDbReports>();
        services.AddSingleton<ReportResponse>();
    }

    private static void AddExports(ModuleBuilder module)
    {
        var folder = StoreFolders.Of(module.Configuration, "analytics.exports");
        module.Services.AddSingleton<ExportFolder>(services => new ExportFolder(folder, services.GetService<ILogger<ExportFolder>>()));
        module.Services.AddSingleton<ExportCache>(
            services => new ExportCache(services.GetRequiredService<ExportFolder>(), services.GetRequiredService<TimeProvider>()));
        module.Services.AddSingleton<EventExport>();
        module.Services.AddSingleton<IExports, ParquetExports>();
        module.Services.AddSingleton<ExportResponse>();
        module.Services.AddHostedService<ExportCleanup>();
    }

    private static void AddLiveFigures(IServiceCollection services) =>
        services.AddSingleton(provider => new LiveFigures(() => new OrderCount(
            provider.GetRequiredService<LiveFeed>(),
            provider.GetRequiredKeyedService<EventCatalogue>(OrdersTopic.Name),
            TimeProvider.System,
            provider.GetRequiredService<ILogger<OrderCount>>())));
}
