using Microsoft.AspNetCore.Builder;

namespace Monolith.BuildingBlocks.Web.Traffic;

/// <summary>Takes routes out of the count of requests.</summary>
public static class BypassRequestLimitRoutes
{
    private static readonly BypassRequestLimit Mark = new();

    /// <summary>Requests of the route do not count among those that are worked on at once: they stay open for long, or ask how the host is. No request is refused there, and a host that stops does not wait for them.</summary>
    /// <typeparam name="TBuilder">The kind of route.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder BypassRequestLimit<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Mark);
}
