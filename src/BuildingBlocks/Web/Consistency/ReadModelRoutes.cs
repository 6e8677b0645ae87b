using Microsoft.AspNetCore.Builder;

namespace Monolith.BuildingBlocks.Web.Consistency;

/// <summary>Says which read models a route is answered from, so that requests with a consistency token wait for those and for no others.</summary>
public static class ReadModelRoutes
{
    /// <summary>The route is answered from read models, or decides by them. One that says nothing reads what commands have written, which is current.</summary>
    /// <typeparam name="TBuilder">The kind of route.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="projections">The read models, by the names of their projections; they run in the process that has the route.</param>
    public static TBuilder Reads<TBuilder>(this TBuilder route, params string[] projections)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadModels(projections, AreRead: true));

    /// <summary>The route is answered from the events themselves; where these projections have seen an event, it sees it too.</summary>
    /// <typeparam name="TBuilder">The kind of route.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="projections">The projections; they run in the process that has the route.</param>
    public static TBuilder ReadsEvents<TBuilder>(this TBuilder route, params string[] projections)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new ReadModels(projections, AreRead: false));
}
