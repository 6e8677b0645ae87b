using Microsoft.Extensions.DependencyInjection;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>The part of the admin API over projections.</summary>
public static class ProjectionAdmin
{
    /// <summary>Registers the routes over projections, operations, actions and dead letters.</summary>
    /// <param name="services">The host's services.</param>
    public static IServiceCollection AddProjectionAdmin(this IServiceCollection services) =>
        services
            .AddSingleton<ProjectionControls>()
            .AddSingleton<IAdminRoutes, ProjectionRoutes>()
            .AddSingleton<IAdminRoutes, OperationRoutes>()
            .AddSingleton<IAdminRoutes, DeadLetterRoutes>();
}
