using Microsoft.AspNetCore.Builder;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>Exempts routes from the request limit.</summary>
public static class BypassRequestLimitRoutes
{
    private static readonly BypassRequestLimit Mark = new();

    /// <summary>
    /// Does not count the requests of a route, which stay open for long or report the state of the host. They are never refused, and a host
    /// that stops does not wait for them.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder BypassRequestLimit<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Mark);
}

internal sealed class BypassRequestLimit;
