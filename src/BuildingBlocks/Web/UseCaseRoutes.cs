using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Writing;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Web;

/// <summary>Maps routes to use cases, one line each.</summary>
public static class UseCaseRoutes
{
    private const string IdName = "id";

    /// <summary>Maps a POST whose body is the command. The response is 201 with the location of the new resource.</summary>
    /// <typeparam name="TCommand">The command.</typeparam>
    /// <typeparam name="T">The value of the command.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="id">The id of the new resource; its location is this route with the id appended.</param>
    public static IEndpointConventionBuilder MapCreate<TCommand, T>(this IEndpointRouteBuilder routes, string pattern, Func<T, Guid> id)
        where TCommand : class, ICommand<T>
        where T : IVersioned
    {
        var body = routes.JsonOf<TCommand>();
        var json = routes.JsonOf<T>();
        var response = new CommandResponse<T>(json, StatusCodes.Status201Created, id);
        return routes.MapPost(pattern, async context =>
        {
            if (await context.ReadCommandAsync(body, response) is { } command)
                await response.SendAsync(context, await context.Dispatcher().Send(command, context.RequestAborted));
        }).Describe(RouteShapes.Creation(body, json));
    }

    /// <summary>Maps a command on the resource in the route. The body is the command; the response is 200 with the new version.</summary>
    /// <typeparam name="TCommand">The command.</typeparam>
    /// <typeparam name="T">The value of the command.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The route, with an <c>{id}</c>.</param>
    /// <param name="on">Sets the target of the command.</param>
    public static IEndpointConventionBuilder MapCommand<TCommand, T>(
        this IEndpointRouteBuilder routes, HttpMethod method, string pattern, Func<TCommand, Target, TCommand> on)
        where TCommand : class, ICommand<T>
        where T : IVersioned
    {
        var body = routes.JsonOf<TCommand>();
        var json = routes.JsonOf<T>();
        var response = new CommandResponse<T>(json, StatusCodes.Status200OK);
        return routes.MapMethods(pattern, [method.Method], async context =>
        {
            if (!RouteId.Read(context.Request, IdName).TryGet(out var id, out var error)
                || !EntityTag.ReadIfMatch(context.Request).TryGet(out var version, out error))
            {
                await context.WriteProblemAsync(error);
                return;
            }

            if (await context.ReadCommandAsync(body, response) is not { } command)
                return;
            var outcome = await context.Dispatcher().Send(on(command, new Target(id, version)), context.RequestAborted);
            await response.SendAsync(context, outcome);
        }).Describe(RouteShapes.Command(method, IdName, body, json));
    }

    /// <summary>Maps a GET of one item by the id in the route.</summary>
    /// <typeparam name="T">The item.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the id.</param>
    /// <param name="idName">The name of the id in the route.</param>
    public static IEndpointConventionBuilder MapOne<T>(
        this IEndpointRouteBuilder routes, string pattern, Func<Guid, IQuery<T>> query, string idName = IdName) =>
        routes.MapOne(pattern, (id, _) => query(id), idName);

    /// <summary>Maps a GET of one item by the id in the route, with parameters.</summary>
    /// <typeparam name="T">The item.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the id and the request's parameters.</param>
    /// <param name="idName">The name of the id in the route.</param>
    public static IEndpointConventionBuilder MapOne<T>(
        this IEndpointRouteBuilder routes, string pattern, Func<Guid, QueryReader, IQuery<T>> query, string idName = IdName)
    {
        var json = routes.JsonOf<T>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var request = query(reader.RouteId(idName), reader);
            if (reader.Error is { } invalid)
                await context.WriteProblemAsync(invalid);
            else
                await context.WriteAsync(await context.Dispatcher().Query(request, context.RequestAborted), json);
        }).Describe(RouteShapes.Query(json, reader => query(reader.RouteId(idName), reader)));
    }

    /// <summary>
    /// Maps a GET of one aggregate by the id in the route. The response is 304 if the client already has this version
    /// (<c>If-None-Match</c>).
    /// </summary>
    /// <remarks>Only for a response that shows the aggregate alone: its version does not cover data that is joined to it.</remarks>
    /// <typeparam name="T">The aggregate as clients see it.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route, with an <c>{id}</c>.</param>
    /// <param name="query">The query for the id.</param>
    public static IEndpointConventionBuilder MapAggregate<T>(this IEndpointRouteBuilder routes, string pattern, Func<Guid, IQuery<T>> query)
        where T : IVersioned
    {
        var json = routes.JsonOf<T>();
        return routes.MapGet(pattern, async context =>
        {
            if (!RouteId.Read(context.Request, IdName).TryGet(out var id, out var error))
            {
                await context.WriteProblemAsync(error);
                return;
            }

            var result = await context.Dispatcher().Query(query(id), context.RequestAborted);
            if (result.TryGet(out var value, out _) && EntityTag.MatchesIfNoneMatch(context.Request, value.Version))
            {
                context.Response.Headers.ETag = EntityTag.Of(value.Version);
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await context.WriteAsync(result, json);
        }).Describe(RouteShapes.Aggregate(json, reader => query(reader.RouteId(IdName))));
    }

    /// <summary>Maps a GET of one page of a list.</summary>
    /// <typeparam name="T">An item.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the request's parameters.</param>
    public static IEndpointConventionBuilder MapPage<T>(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, IQuery<Page<T>>> query) =>
        routes.MapQuery(
            pattern, query, (page, request) => new PageBody<T>(page.Items, page.Next is { } next ? request.UrlAfter(next) : null));

    /// <summary>Maps a GET with parameters whose response differs from the result of the query.</summary>
    /// <typeparam name="T">The result of the query.</typeparam>
    /// <typeparam name="TBody">The body of the response.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the request's parameters.</param>
    /// <param name="body">Makes the body; the request provides the URL of a next page.</param>
    public static IEndpointConventionBuilder MapQuery<T, TBody>(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, IQuery<T>> query, Func<T, QueryReader, TBody> body)
    {
        var json = routes.JsonOf<TBody>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var request = query(reader);
            var result = reader.Error is { } invalid ? invalid : await context.Dispatcher().Query(request, context.RequestAborted);
            if (result.TryGet(out var value, out var error))
                await context.Response.WriteAsJsonAsync(body(value, reader), json, cancellationToken: context.RequestAborted);
            else
                await context.WriteProblemAsync(error);
        }).Describe(RouteShapes.Query(json, query));
    }

    private static IDispatcher Dispatcher(this HttpContext context) => context.RequestServices.GetRequiredService<IDispatcher>();

    private static JsonTypeInfo<T> JsonOf<T>(this IEndpointRouteBuilder routes) =>
        (JsonTypeInfo<T>)routes.ServiceProvider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.GetTypeInfo(typeof(T));

    /// <summary>Reads the command, its actor and its idempotency key. Returns null if the request has been refused.</summary>
    private static async Task<TCommand?> ReadCommandAsync<TCommand, T>(
        this HttpContext context, JsonTypeInfo<TCommand> json, CommandResponse<T> response)
        where TCommand : class
        where T : IVersioned
    {
        if (!JsonBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        if (!Actor.Read(context.Request).TryGet(out var actor, out var error)
            || !IdempotencyKey.Read(context.Request).TryGet(out var key, out error))
        {
            await context.WriteProblemAsync(error);
            return null;
        }

        var payload = key is null ? null : await IdempotencyKey.HashAsync(context.Request);
        if (!(await JsonBody.ReadAsync(context.Request, json)).TryGet(out var command, out error))
        {
            await context.WriteProblemAsync(error);
            return null;
        }

        var commandContext = context.RequestServices.GetRequiredService<CommandContext>();
        commandContext.Actor = actor;
        if (key is not null && payload is not null)
            commandContext.Idempotency = new IdempotencyClaim(key, payload, value => response.Of(context.Request, (T)value));
        return command;
    }

    private static Task WriteAsync<T>(this HttpContext context, Result<T> result, JsonTypeInfo<T> json)
    {
        if (!result.TryGet(out var value, out var error))
            return context.WriteProblemAsync(error);

        if (value is IVersioned versioned)
            context.Response.Headers.ETag = EntityTag.Of(versioned.Version);
        return context.Response.WriteAsJsonAsync(value, json, cancellationToken: context.RequestAborted);
    }
}
