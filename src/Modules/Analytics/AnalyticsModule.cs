using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Monolith.BuildingBlocks.Modules;
using Monolith.BuildingBlocks.Projections;
using Monolith.BuildingBlocks.Projections.DuckDb;
using Monolith.BuildingBlocks.Projections.Registries;
using Monolith.BuildingBlocks.Web.Modules;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.Modules.Analytics.Api;
using Monolith.Modules.Analytics.Exports;
using Monolith.Modules.Analytics.Facts;
using Monolith.Modules.Analytics.Live;
using Monolith.Modules.Analytics.Reports;
using Monolith.Modules.Customers.Contracts;
using Monolith.Modules.Orders.Contracts;

namespace Monolith.Modules.Analytics;

/// <summary>Analytics: reports over orders and customers, and their history as Parquet. It only reads, by the events alone, and has no database of its own but files.</summary>
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
        module.AddLiveFigures();

        module.Projection<OrderProjection>(OrderProjection.Name, version: 1)
            .KeyedByStream()
            .ToDuckDb(OrderTables.All);

        module.Projection<CustomerProjection>(CustomerProjection.Name, version: 1)
            .KeyedByStream()
            .ToDuckDb(CustomerTables.All);

        module.Services.AddSingleton<ReportWriter>();
        module.Services.AddSingleton<EventExport>();
        module.Services.AddSingleton<ExportCache>(
            services => new ExportCache(services.GetRequiredService<ExportFolder>(), services.GetRequiredService<TimeProvider>()));
        module.Services.AddSingleton<ParquetExports>();
        var exports = StoreFolders.Of(module.Configuration, "analytics.exports");
        module.Services.AddSingleton<ExportFolder>(services => new ExportFolder(exports, services.GetService<ILogger<ExportFolder>>()));
        module.Services.AddHostedService<ExportLeftovers>();
    }

    /// <inheritdoc />
    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        AnalyticsRoutes.Map(endpoints);
        endpoints.MapLiveFigures().Tag(AnalyticsRoutes.Tag);
    }
}
