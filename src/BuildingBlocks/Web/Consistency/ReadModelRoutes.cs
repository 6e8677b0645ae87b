using Microsoft.AspNetCore.Builder;

namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>Declares which read models a route uses. A request with a consistency token waits for those and for no others.</summary>
public static class ReadModelRoutes
{
    /// <summary>Declares read models that the route reads. A route that declares none reads the write side, which is current.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="projections">The names of their projections, which run in the same process.</param>
    public static TBuilder Reads<TBuilder>(this TBuilder route, params string[] projections)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadModels(projections, AreRead: true));

    /// <summary>Declares that the route reads events. It contains every event that these projections have applied.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="projections">The names of the projections, which run in the same process.</param>
    public static TBuilder ReadsEvents<TBuilder>(this TBuilder route, params string[] projections)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadModels(projections, AreRead: false));
}

/// <summary>The read models that a request with a consistency token waits for.</summary>
/// <param name="Names">The names of their projections.</param>
/// <param name="AreRead">Whether the route reads them; it then fails until they are built.</param>
internal sealed record ReadModels(IReadOnlyList<string> Names, bool AreRead);
