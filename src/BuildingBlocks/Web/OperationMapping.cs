using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application.Idempotency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Domain.Rules;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Web;

/// <summary>
/// Maps routes that change something and are not use cases of a module, such as those of operators. A request with an idempotency key is
/// executed at most once. Once begun, a request is executed even if the client disconnects.
/// </summary>
public static class OperationMapping
{
    /// <summary>Maps a route without a body.</summary>
    /// <typeparam name="TTarget">What the operation changes.</typeparam>
    /// <typeparam name="T">The body of the response.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="response">The response.</param>
    /// <param name="target">Reads the target from the route.</param>
    /// <param name="execute">Executes the operation for an actor.</param>
    public static IEndpointConventionBuilder MapOperation<TTarget, T>(
        this IEndpointRouteBuilder routes,
        HttpMethod method,
        string pattern,
        OperationResponse<T> response,
        Func<QueryReader, Result<TTarget>> target,
        Func<TTarget, string?, CancellationToken, Task<Result<T>>> execute)
    {
        return routes.MapMethods(pattern, [method.Method], HandleAsync)
            .Describe(RouteShapes.Operation(method, response.Json, response.Status, reader => target(reader)));

        async Task HandleAsync(HttpContext context)
        {
            if ((await ReadKeyAsync(context.Request)).TryGet(out var claim, out var error)
                && Read(context.Request, target).TryGet(out var found, out error)
                && (await ExecuteAsync(context, claim, response, (actor, token) => execute(found, actor, token)))
                    .TryGet(out var executed, out error))
                await StoredResponseResult.SendAsync(context, executed.Response, executed.IsReplay);
            else
                await context.WriteProblemAsync(error);
        }
    }

    /// <summary>Maps a POST with a body.</summary>
    /// <typeparam name="TTarget">What the operation changes.</typeparam>
    /// <typeparam name="TBody">The body of the request.</typeparam>
    /// <typeparam name="TRequest">The validated request.</typeparam>
    /// <typeparam name="T">The body of the response.</typeparam>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="response">The response.</param>
    /// <param name="target">Reads the target from the route.</param>
    /// <param name="body">The body.</param>
    /// <param name="validate">Validates the body.</param>
    /// <param name="execute">Executes the request for an actor.</param>
    public static IEndpointConventionBuilder MapOperation<TTarget, TBody, TRequest, T>(
        this IEndpointRouteBuilder routes,
        string pattern,
        OperationResponse<T> response,
        Func<QueryReader, Result<TTarget>> target,
        OperationBody<TBody> body,
        Func<TTarget, TBody, Result<TRequest>> validate,
        Func<TRequest, string?, CancellationToken, Task<Result<T>>> execute)
        where TBody : class
    {
        var shape = RouteShapes.Operation(HttpMethod.Post, response.Json, response.Status, reader => target(reader)) with
        {
            Body = body.Json, BodyRules = body.Rules, IsBodyOptional = body.Default is not null,
        };
        return routes.MapPost(pattern, HandleAsync).Describe(shape);

        async Task HandleAsync(HttpContext context)
        {
            if (!(await ReadKeyAsync(context.Request)).TryGet(out var claim, out var error)
                || !Read(context.Request, target).TryGet(out var found, out error))
            {
                await context.WriteProblemAsync(error);
                return;
            }

            var isDefault = body.Default is not null && !HasBody(context.Request);
            if (!isDefault && !JsonBody.IsJson(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return;
            }

            var read = isDefault ? body.Default! : await JsonBody.ReadAsync(context.Request, body.Json);
            if (read.TryGet(out var value, out error)
                && validate(found, value).TryGet(out var request, out error)
                && (await ExecuteAsync(context, claim, response, (actor, token) => execute(request, actor, token)))
                    .TryGet(out var executed, out error))
                await StoredResponseResult.SendAsync(context, executed.Response, executed.IsReplay);
            else
                await context.WriteProblemAsync(error);
        }
    }

    private static bool HasBody(HttpRequest request) =>
        request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0 || request.ContentType is not null;

    private static Result<TTarget> Read<TTarget>(HttpRequest request, Func<QueryReader, Result<TTarget>> target)
    {
        var reader = new QueryReader(request);
        var found = target(reader);
        return found.Error is null && reader.Error is { } invalid ? invalid : found;
    }

    private static async Task<Result<Claim?>> ReadKeyAsync(HttpRequest request)
    {
        if (!IdempotencyKey.Read(request).TryGet(out var key, out var error))
            return error;
        return key is null ? (Claim?)null : new Claim(key, await IdempotencyKey.HashAsync(request));
    }

    private static async Task<Result<(StoredResponse Response, bool IsReplay)>> ExecuteAsync<T>(
        HttpContext context, Claim? claim, OperationResponse<T> response, Func<string?, CancellationToken, Task<Result<T>>> execute)
    {
        if (!Actor.Read(context.Request).TryGet(out var actor, out var invalid))
            return invalid;
        if (claim is null)
            return (await RunAsync()).TryGet(out var executed, out var error) ? (executed, false) : error;
        return context.RequestServices.GetService<KeyedRequests>() is { CanStore: true } requests
            ? await requests.ExecuteAsync(claim.Key, claim.Payload, RunAsync, context.RequestAborted)
            : IdempotencyKey.NotStored;

        async Task<Result<StoredResponse>> RunAsync() =>
            (await execute(actor, CancellationToken.None)).TryGet(out var value, out var error)
                ? ResponseOf(context.Request, response, value)
                : error;
    }

    private static StoredResponse ResponseOf<T>(HttpRequest request, OperationResponse<T> response, T value)
    {
        var headers = new Dictionary<string, string> { [HeaderNames.ContentType] = StoredResponseResult.JsonContent };
        if (response.Location is not null)
            headers.Add(HeaderNames.Location, request.PathBase.ToUriComponent() + response.Location(value));
        return new StoredResponse(response.Status, headers, JsonSerializer.SerializeToUtf8Bytes(value, response.Json));
    }

    private sealed record Claim(string Key, byte[] Payload);
}

/// <summary>The response of an operation.</summary>
/// <typeparam name="T">The body.</typeparam>
/// <param name="Json">How the body is written.</param>
/// <param name="Status">200 if the operation is complete, 202 if it continues in the background.</param>
/// <param name="Location">The path where the state of the operation can be read; null without the header <c>Location</c>.</param>
public sealed record OperationResponse<T>(JsonTypeInfo<T> Json, int Status, Func<T, string>? Location = null);

/// <summary>The body of an operation.</summary>
/// <typeparam name="T">The body.</typeparam>
/// <param name="Json">How the body is read.</param>
/// <param name="Rules">The constraints of its fields, for the documentation.</param>
/// <param name="Default">The value of a request without a body; null if a body is required.</param>
public sealed record OperationBody<T>(JsonTypeInfo<T> Json, IReadOnlyDictionary<string, FieldConstraint> Rules, T? Default = null)
    where T : class;
