using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web;

/// <summary>Maps GET routes that are not use cases of a module.</summary>
public static class ReadRoutes
{
    private static readonly HttpMethodMetadata Get = new([HttpMethods.Get]);

    /// <summary>
    /// Limits a route to GET, and with it HEAD; every other method is a 405. Libraries often map their routes for all methods.
    /// </summary>
    /// <typeparam name="TBuilder">The type of the route builder.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder OnlyGet<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Get);

    /// <summary>Maps a GET that responds with JSON. One problem document names all invalid parameters.</summary>
    /// <typeparam name="TQuery">The parameters.</typeparam>
    /// <typeparam name="T">The body of the response.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="json">How the response is written.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="read">Reads the result.</param>
    public static IEndpointConventionBuilder MapRead<TQuery, T>(
        this IEndpointRouteBuilder routes,
        string pattern,
        JsonTypeInfo<T> json,
        Func<QueryReader, TQuery> query,
        Func<TQuery, CancellationToken, Task<Result<T>>> read) =>
        routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var parameters = query(reader);
            var result = reader.Error is { } invalid ? invalid : await read(parameters, context.RequestAborted);
            if (result.TryGet(out var value, out var error))
                await context.Response.WriteAsJsonAsync(value, json, cancellationToken: context.RequestAborted);
            else
                await context.WriteProblemAsync(error);
        }).Describe(RouteShapes.Plain(json, reader => query(reader)));

    /// <summary>Maps a GET whose response is too large for memory and is written while it is read.</summary>
    /// <typeparam name="TQuery">The parameters.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="write">Writes the response, or returns an error before anything is written.</param>
    /// <param name="format">The format of the response.</param>
    public static IEndpointConventionBuilder MapContent<TQuery>(
        this IEndpointRouteBuilder routes,
        string pattern,
        Func<QueryReader, TQuery> query,
        Func<TQuery, HttpContext, Task<Error?>> write,
        ResponseFormat format) =>
        routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var parameters = query(reader);
            if ((reader.Error ?? await write(parameters, context)) is { } error)
                await context.WriteProblemAsync(error);
        }).Describe(RouteShapes.Content(format, reader => query(reader)));
}
