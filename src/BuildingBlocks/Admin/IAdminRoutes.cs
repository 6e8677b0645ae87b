using Microsoft.AspNetCore.Routing;

namespace Monolith.BuildingBlocks.Admin;

/// <summary>Routes for operators. Whoever has some registers them with the services; <see cref="AdminHosting.MapAdmin"/> maps them behind its guard.</summary>
public interface IAdminRoutes
{
    /// <summary>Maps the routes.</summary>
    /// <param name="admin">The group <c>/admin/api</c>.</param>
    void Map(RouteGroupBuilder admin);
}
