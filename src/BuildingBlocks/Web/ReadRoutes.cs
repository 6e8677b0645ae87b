using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web;

/// <summary>Maps routes that read something which is no use case of a module.</summary>
public static class ReadRoutes
{
    private static readonly HttpMethodMetadata Get = new([HttpMethods.Get]);

    /// <summary>
    /// The route answers GET, and with it HEAD; every other method is a 405. Routes of libraries are often mapped for all methods.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of route.</typeparam>
    /// <param name="route">The route.</param>
    public static TBuilder OnlyGet<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(Get);

    /// <summary>GET: the parameters are read first, all of them, so that one answer names every one that is not as it must be.</summary>
    /// <typeparam name="TQuery">What is asked.</typeparam>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="json">How the answer is written.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="answer">Answers them.</param>
    public static IEndpointConventionBuilder MapRead<TQuery, T>(
        this IEndpointRouteBuilder routes, string pattern, JsonTypeInfo<T> json, Func<QueryReader, TQuery> query, Func<TQuery, CancellationToken, Task<Result<T>>> answer) =>
        routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var asked = query(reader);
            var result = reader.Error is { } unreadable ? unreadable : await answer(asked, context.RequestAborted);
            if (result.TryGet(out var value, out var error))
                await context.Response.WriteAsJsonAsync(value, json, cancellationToken: context.RequestAborted);
            else
                await context.AnswerAsync(error);
        }).Describe(RouteShapes.Plain(json, reader => query(reader)));

    /// <summary>GET of what is too large to be held: the parameters are read first, all of them, then the answer is written as it comes.</summary>
    /// <typeparam name="TQuery">What is asked.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">Reads the parameters.</param>
    /// <param name="answer">Writes the answer, or says why there is none before anything is written.</param>
    /// <param name="form">What the answer looks like.</param>
    public static IEndpointConventionBuilder MapWritten<TQuery>(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, TQuery> query, Func<TQuery, HttpContext, Task<Error?>> answer, WrittenForm form) =>
        routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var asked = query(reader);
            if ((reader.Error ?? await answer(asked, context)) is { } error)
                await context.AnswerAsync(error);
        }).Describe(RouteShapes.Written(form, reader => query(reader)));
}
