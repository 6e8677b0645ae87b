using Microsoft.AspNetCore.Routing;

namespace Monolith.BuildingBlocks.Admin.Routes;

/// <summary>Routes of the admin API. Those that are registered as services are mapped by <see cref="AdminHosting.MapAdmin"/>.</summary>
internal interface IAdminRoutes
{
    void Map(RouteGroupBuilder admin);
}
