using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Admin.Events;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Streams;
using Monolith.BuildingBlocks.Web.Access;
using Monolith.BuildingBlocks.Web.OpenApi;

namespace Monolith.BuildingBlocks.Admin;

/// <summary>The admin API.</summary>
public static class AdminHosting
{
    /// <summary>
    /// Maps <c>/admin/api</c>: the routes over logs, events and streams, and those of every <see cref="IAdminRoutes"/> that is
    /// registered. All of <c>/admin</c> answers this machine alone.
    /// </summary>
    /// <param name="app">The host.</param>
    public static void MapAdmin(this WebApplication app)
    {
        app.MapApiDocument(ApiDocuments.Admin).WithMetadata(LocalOnly.Mark);
        var admin = app.MapGroup(ApiDocuments.Admin.Prefix).WithMetadata(LocalOnly.Mark).Refuses(RequestOriginMiddleware.RemoteCaller);
        var logs = new ModuleLogs(app.Services);
        foreach (var routes in app.Services.GetServices<IAdminRoutes>().Prepend(new StreamRoutes(logs)).Prepend(new EventRoutes(logs)).Prepend(new LogRoutes(logs)))
            routes.Map(admin);
    }
}
