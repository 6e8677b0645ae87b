using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Logs;

/// <summary>The contents of each log.</summary>
internal sealed class LogRoutes(ModuleLogs logs) : IAdminRoutes
{
    private static readonly RouteTag Tag = new("Logs", "The event logs and their partitions.");

    public void Map(RouteGroupBuilder admin) => admin.MapRead("/logs", LogsJson.Web.PageBodyLogBody, _ => logs.All, ListAsync)
        .Summary("List logs", "The number of events in the log of each module, and how far it is relayed.").Tag(Tag);

    private static async Task<Result<PageBody<LogBody>>> ListAsync(IReadOnlyList<ModuleLog> all, CancellationToken cancellation) =>
        new PageBody<LogBody>(
            await Task.WhenAll(all.Select(async log => LogBody.Of(log, await log.Search.SummaryAsync(cancellation)))), null);
}
