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
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web;

/// <summary>Maps routes to use cases, so that one of them is one line in a module's Api.</summary>
public static class UseCaseRoutes
{
    private const string IdName = "id";

    /// <summary>POST: the body is the command, the answer is 201 with the place of what was made.</summary>
    /// <typeparam name="TCommand">The command.</typeparam>
    /// <typeparam name="T">Its answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="id">The id of what was made; its place is this route with the id behind it.</param>
    public static IEndpointConventionBuilder MapCreate<TCommand, T>(this IEndpointRouteBuilder routes, string pattern, Func<T, Guid> id)
        where TCommand : class, ICommand<T>
        where T : IVersioned
    {
        var bodies = routes.TypeOf<TCommand>();
        var json = routes.TypeOf<T>();
        var answers = new CommandResponse<T>(json, StatusCodes.Status201Created, id);
        return routes.MapPost(pattern, async context =>
        {
            if (await context.ReadCommandAsync(bodies, answers) is { } command)
                await answers.SendAsync(context, await context.Dispatcher().Send(command, context.RequestAborted));
        }).Describe(RouteShapes.Creation(bodies, json));
    }

    /// <summary>A command on the resource in the route: the body is the command, the answer is 200 with the new version.</summary>
    /// <typeparam name="TCommand">The command.</typeparam>
    /// <typeparam name="T">Its answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The route, with an <c>{id}</c>.</param>
    /// <param name="on">The command on its target.</param>
    public static IEndpointConventionBuilder MapCommand<TCommand, T>(
        this IEndpointRouteBuilder routes, HttpMethod method, string pattern, Func<TCommand, Target, TCommand> on)
        where TCommand : class, ICommand<T>
        where T : IVersioned
    {
        var bodies = routes.TypeOf<TCommand>();
        var json = routes.TypeOf<T>();
        var answers = new CommandResponse<T>(json, StatusCodes.Status200OK);
        return routes.MapMethods(pattern, [method.Method], async context =>
        {
            if (!RouteId.Read(context.Request, IdName).TryGet(out var id, out var error) || !EntityTag.ReadIfMatch(context.Request).TryGet(out var version, out error))
            {
                await context.AnswerAsync(error);
                return;
            }

            if (await context.ReadCommandAsync(bodies, answers) is { } command)
                await answers.SendAsync(context, await context.Dispatcher().Send(on(command, new Target(id, version)), context.RequestAborted));
        }).Describe(RouteShapes.Command(method, IdName, bodies, json));
    }

    /// <summary>GET of one thing by the id in the route.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the id.</param>
    /// <param name="idName">What the route calls the id.</param>
    public static IEndpointConventionBuilder MapOne<T>(this IEndpointRouteBuilder routes, string pattern, Func<Guid, IQuery<T>> query, string idName = IdName) =>
        routes.MapOne(pattern, (id, _) => query(id), idName);

    /// <summary>GET of one thing by the id in the route, with parameters.</summary>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the id and the request's parameters.</param>
    /// <param name="idName">What the route calls the id.</param>
    public static IEndpointConventionBuilder MapOne<T>(this IEndpointRouteBuilder routes, string pattern, Func<Guid, QueryReader, IQuery<T>> query, string idName = IdName)
    {
        var answers = routes.TypeOf<T>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var asked = query(reader.RouteId(idName), reader);
            if (reader.Error is { } unreadable)
                await context.AnswerAsync(unreadable);
            else
                await context.AnswerAsync(await context.Dispatcher().Ask(asked, context.RequestAborted), answers, StatusCodes.Status200OK);
        }).Describe(RouteShapes.Query(answers, reader => query(reader.RouteId(idName), reader)));
    }

    /// <summary>GET of one aggregate by the id in the route; 304 where the caller has this version already (<c>If-None-Match</c>).</summary>
    /// <remarks>Only for an answer that shows nothing beside the aggregate: the version says nothing of what is joined to it.</remarks>
    /// <typeparam name="T">The answer.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route, with an <c>{id}</c>.</param>
    /// <param name="query">The query for the id.</param>
    public static IEndpointConventionBuilder MapAggregate<T>(this IEndpointRouteBuilder routes, string pattern, Func<Guid, IQuery<T>> query)
        where T : IVersioned
    {
        var answers = routes.TypeOf<T>();
        return routes.MapGet(pattern, async context =>
        {
            if (!RouteId.Read(context.Request, IdName).TryGet(out var id, out var error))
            {
                await context.AnswerAsync(error);
                return;
            }

            var answer = await context.Dispatcher().Ask(query(id), context.RequestAborted);
            if (answer.TryGet(out var value, out _) && EntityTag.IsKnown(context.Request, value.Version))
            {
                context.Response.Headers.ETag = EntityTag.Of(value.Version);
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }

            await context.AnswerAsync(answer, answers, StatusCodes.Status200OK);
        }).Describe(RouteShapes.Aggregate(answers, reader => query(reader.RouteId(IdName))));
    }

    /// <summary>GET of one page of a list.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the request's parameters.</param>
    public static IEndpointConventionBuilder MapPage<T>(this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, IQuery<Page<T>>> query) => routes.MapQuery(
        pattern, query, (page, request) => new PageBody<T>(page.Items, page.Next is { } next ? request.UrlAfter(next) : null));

    /// <summary>GET with parameters, answered in a form of its own.</summary>
    /// <typeparam name="T">The query's answer.</typeparam>
    /// <typeparam name="TBody">The answer as callers see it.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="query">The query for the request's parameters.</param>
    /// <param name="body">The form of the answer; the request says the URL of a next page.</param>
    public static IEndpointConventionBuilder MapQuery<T, TBody>(
        this IEndpointRouteBuilder routes, string pattern, Func<QueryReader, IQuery<T>> query, Func<T, QueryReader, TBody> body)
    {
        var answers = routes.TypeOf<TBody>();
        return routes.MapGet(pattern, async context =>
        {
            var reader = new QueryReader(context.Request);
            var asked = query(reader);
            var answer = reader.Error is { } unreadable ? unreadable : await context.Dispatcher().Ask(asked, context.RequestAborted);
            if (answer.TryGet(out var value, out var error))
                await context.Response.WriteAsJsonAsync(body(value, reader), answers, cancellationToken: context.RequestAborted);
            else
                await context.AnswerAsync(error);
        }).Describe(RouteShapes.Query(answers, query));
    }

    private static IDispatcher Dispatcher(this HttpContext context) => context.RequestServices.GetRequiredService<IDispatcher>();

    private static JsonTypeInfo<T> TypeOf<T>(this IEndpointRouteBuilder routes) =>
        (JsonTypeInfo<T>)routes.ServiceProvider.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions.GetTypeInfo(typeof(T));

    /// <summary>The command in the body, once it is known who acts, and under which key; null where the request is answered already.</summary>
    private static async Task<TCommand?> ReadCommandAsync<TCommand, T>(this HttpContext context, JsonTypeInfo<TCommand> json, CommandResponse<T> answers)
        where TCommand : class
        where T : IVersioned
    {
        if (!JsonBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        if (!Actor.Read(context.Request).TryGet(out var actor, out var error) || !IdempotencyKey.Read(context.Request).TryGet(out var key, out error))
        {
            await context.AnswerAsync(error);
            return null;
        }

        var payload = key is null ? null : await IdempotencyKey.HashAsync(context.Request);
        if (!(await JsonBody.ReadAsync(context.Request, json)).TryGet(out var command, out error))
        {
            await context.AnswerAsync(error);
            return null;
        }

        var asked = context.RequestServices.GetRequiredService<CommandContext>();
        asked.Actor = actor;
        if (key is not null && payload is not null)
            asked.Idempotency = new IdempotencyClaim(key, payload, value => answers.Form(context.Request, (T)value));
        return command;
    }

    private static Task AnswerAsync<T>(this HttpContext context, Result<T> answer, JsonTypeInfo<T> json, int status)
    {
        if (!answer.TryGet(out var value, out var error))
            return context.AnswerAsync(error);

        if (value is IVersioned versioned)
            context.Response.Headers.ETag = EntityTag.Of(versioned.Version);
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(value, json, cancellationToken: context.RequestAborted);
    }
}
