using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Domain;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>Adds to the documentation of a route.</summary>
public static class RouteDescriptions
{
    /// <summary>Declares errors of the route, with values that serve as an example.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route or group.</param>
    /// <param name="errors">The errors, without those that follow from parameters, headers and body.</param>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, params Error[] errors)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteRefusals(errors));

    /// <summary>Adds an example of the body.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="body">The body.</param>
    public static TBuilder Example<TBuilder>(this TBuilder route, object body)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RouteExample(body));

    /// <summary>Sets summary and description of the operation. The defaults of a use case are its name and its XML summary.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="summary">A verb and a noun: <c>Get revenue report</c>. The id of the operation is derived from it.</param>
    /// <param name="description">One or more sentences.</param>
    public static TBuilder Summary<TBuilder>(this TBuilder route, string summary, string description)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithSummary(summary).WithDescription(description);

    /// <summary>Sets the tag of the route.</summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route or group.</param>
    /// <param name="tag">The tag.</param>
    public static TBuilder Tag<TBuilder>(this TBuilder route, RouteTag tag)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(tag);

    internal static TBuilder Describe<TBuilder>(this TBuilder route, RouteShape shape)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(shape);
}

/// <summary>A group of operations.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description.</param>
public sealed record RouteTag(string Name, string Description);

internal sealed record RouteRefusals(IReadOnlyList<Error> Errors);

internal sealed record RouteExample(object Body);
