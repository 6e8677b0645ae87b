using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Admin.Access;
using Monolith.BuildingBlocks.Admin.Events;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Streams;

namespace Monolith.BuildingBlocks.Admin;

/// <summary>The admin API.</summary>
public static class AdminHosting
{
    internal const string Root = "/admin";
    private const string Api = $"{Root}/api";

    /// <summary>
    /// Maps <c>/admin/api</c>: the routes over logs, events and streams, and those of every <see cref="IAdminRoutes"/> that is registered. All of <c>/admin</c> answers this machine alone. Call it after
    /// everything that answers for failures.
    /// </summary>
    /// <param name="app">The host.</param>
    public static void MapAdmin(this WebApplication app)
    {
        app.UseMiddleware<LocalCallers>();
        var admin = app.MapGroup(Api).WithMetadata(LocalOnly.Mark);
        var logs = new ModuleLogs(app.Services);
        foreach (var routes in app.Services.GetServices<IAdminRoutes>().Prepend(new StreamRoutes(logs)).Prepend(new EventRoutes(logs)).Prepend(new LogRoutes(logs)))
            routes.Map(admin);
    }
}
