using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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

    /// <summary>The name of the operation in lists, and what it does. A use case has them by its own name and its comment.</summary>
    /// <typeparam name="TBuilder">A route.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="summary">A verb and a noun: <c>Get revenue report</c>. The id of the operation is made of it.</param>
    /// <param name="description">What it does, in sentences.</param>
    public static TBuilder Summary<TBuilder>(this TBuilder route, string summary, string description)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithSummary(summary).WithDescription(description);

    /// <summary>The group of operations that the route belongs to.</summary>
    /// <typeparam name="TBuilder">A route or a group of them.</typeparam>
    /// <param name="route">The route.</param>
    /// <param name="tag">The group.</param>
    public static TBuilder Tag<TBuilder>(this TBuilder route, RouteTag tag)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(tag);

    internal static TBuilder Describe<TBuilder>(this TBuilder route, RouteShape shape)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(shape);
}

/// <summary>A group of operations.</summary>
/// <param name="Name">Its name in lists.</param>
/// <param name="Description">What the operations are about.</param>
public sealed record RouteTag(string Name, string Description);

/// <summary>What a route refuses.</summary>
/// <param name="Errors">The errors.</param>
internal sealed record RouteRefusals(IReadOnlyList<Error> Errors);

/// <summary>A body for a route.</summary>
/// <param name="Body">The body.</param>
internal sealed record RouteExample(object Body);
