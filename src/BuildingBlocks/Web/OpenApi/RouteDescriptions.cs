using Microsoft.AspNetCore.Builder;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Says of a route what its documentation cannot know otherwise.</summary>
public static class RouteDescriptions
{
    /// <summary>What the route refuses: the errors themselves, with values that serve as an example.</summary>
    /// <typeparam name="TBuilder">A route or a group of them.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="errors">The errors; those that follow from parameters, headers and body are known.</param>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params Error[] errors)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteRefusals(errors));

    /// <summary>A body that the route takes, as an example.</summary>
    /// <typeparam name="TBuilder">A route.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="body">The body.</param>
    public static TBuilder Example<TBuilder>(this TBuilder route, object body)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteExample(body));

    internal static TBuilder Describe<TBuilder>(this TBuilder route, RouteShape shape)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(shape);
}

/// <summary>What a route refuses.</summary>
/// <param name="Errors">The errors.</param>
internal sealed record RouteRefusals(IReadOnlyList<Error> Errors);

/// <summary>A body for a route.</summary>
/// <param name="Body">The body.</param>
internal sealed record RouteExample(object Body);
