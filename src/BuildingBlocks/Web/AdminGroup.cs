using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Web.Access;
using Monolith.BuildingBlocks.Web.OpenApi;

namespace Monolith.BuildingBlocks.Web;

/// <summary>Maps the group of the admin API.</summary>
public static class AdminGroup
{
    /// <summary>Maps the OpenAPI document of the admin API and its group <c>/admin/api</c>. Only this machine can call them.</summary>
    /// <param name="routes">Where to map.</param>
    /// <returns>The group.</returns>
    public static RouteGroupBuilder MapAdminGroup(this IEndpointRouteBuilder routes)
    {
        routes.MapApiDocument(ApiDocuments.Admin).WithMetadata(LocalOnly.Mark);
        return routes.MapGroup(ApiDocuments.Admin.Prefix).WithMetadata(LocalOnly.Mark).Refuses(RequestOriginMiddleware.RemoteClient);
    }
}
