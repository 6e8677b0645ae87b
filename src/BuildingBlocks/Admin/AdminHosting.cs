using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Admin.Events;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Projections;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Admin.Streams;
using Monolith.BuildingBlocks.Web;

namespace Monolith.BuildingBlocks.Admin;

/// <summary>The admin API.</summary>
public static class AdminHosting
{
    /// <summary>Registers the routes over projections, operations, actions and dead letters.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddProjectionAdmin(this IServiceCollection services) =>
        services
            .AddSingleton<ProjectionControls>()
            .AddSingleton<IAdminRoutes, ProjectionRoutes>()
            .AddSingleton<IAdminRoutes, OperationRoutes>()
            .AddSingleton<IAdminRoutes, DeadLetterRoutes>();

    /// <summary>
    /// Maps <c>/admin/api</c>: the routes over logs, events and streams, and those of <see cref="AddProjectionAdmin"/> if they are
    /// registered. Only this machine can call <c>/admin</c>.
    /// </summary>
    /// <param name="app">The host.</param>
    public static void MapAdmin(this WebApplication app)
    {
        var admin = app.MapAdminGroup();
        var logs = new ModuleLogs(app.Services);
        IAdminRoutes[] overLogs = [new LogRoutes(logs), new EventRoutes(logs), new StreamRoutes(logs)];
        foreach (var routes in overLogs.Concat(app.Services.GetServices<IAdminRoutes>()))
            routes.Map(admin);
    }
}
