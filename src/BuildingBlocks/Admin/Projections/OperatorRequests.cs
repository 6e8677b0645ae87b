using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Application.Idempotency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Projections.Operations;
using Monolith.BuildingBlocks.Web.Answers;
using Monolith.BuildingBlocks.Web.Numbers;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Projections;

/// <summary>Reads what an operator asks for, and answers with the operation that it became.</summary>
internal static class OperatorRequests
{
    public const string GenerationName = "n";

    /// <summary>The body; null where the request is answered already.</summary>
    public static async Task<T?> ReadBodyAsync<T>(this HttpContext context, JsonTypeInfo<T> json)
        where T : class
    {
        if (!JsonBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return null;
        }

        if ((await JsonBody.ReadAsync(context.Request, json)).TryGet(out var body, out var error))
            return body;
        await context.AnswerAsync(error);
        return null;
    }

    public static bool HasBody(this HttpRequest request) => request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0 || request.ContentType is not null;

    public static Error NoGeneration { get; } = RequestErrors.Invalid(new Dictionary<string, string[]> { [GenerationName] = ["Must be the number of a generation: a whole number above 0."] });

    /// <summary>The number of the generation in the route.</summary>
    public static Result<int> Generation(this HttpContext context) =>
        ExactNumber.ReadWhole(context.Request.RouteValues[GenerationName] as string, 1, int.MaxValue) is { } number
            ? (int)number
            : NoGeneration;

    /// <summary>Reads the key of a POST before the request is handled; <see cref="AnswerOperationAsync"/> executes it once.</summary>
    /// <param name="handle">Handles the request.</param>
    public static RequestDelegate Keyed(RequestDelegate handle) => async context =>
    {
        if (!IdempotencyKey.Read(context.Request).TryGet(out var key, out var error))
        {
            await context.AnswerAsync(error);
            return;
        }

        if (key is not null)
            context.Features.Set(new KeyedRequest(key, await IdempotencyKey.HashAsync(context.Request)));
        await handle(context);
    };

    /// <summary>Executes the request and answers. What was begun is finished and recorded, even if the client is gone.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status where it is not refused.</param>
    /// <param name="ask">Asks, given the actor and a token that nobody cancels.</param>
    public static async Task AnswerOperationAsync(this HttpContext context, int status, Func<string?, CancellationToken, Task<Result<Operation>>> ask)
    {
        if (!Actor.Read(context.Request).TryGet(out var actor, out var error)
            || !(await context.ExecuteAsync(AskAsync)).TryGet(out var executed, out error))
        {
            await context.AnswerAsync(error);
            return;
        }

        await StoredResponseResult.SendAsync(context, executed.Answer, executed.IsReplay);

        async Task<Result<StoredResponse>> AskAsync() =>
            (await ask(actor, CancellationToken.None)).TryGet(out var operation, out var refusal)
                ? context.Form(status, operation)
                : refusal;
    }

    private static async Task<Result<(StoredResponse Answer, bool IsReplay)>> ExecuteAsync(
        this HttpContext context, Func<Task<Result<StoredResponse>>> ask)
    {
        if (context.Features.Get<KeyedRequest>() is not { } keyed)
            return (await ask()).TryGet(out var answer, out var error) ? (answer, false) : error;
        return context.RequestServices.GetService<KeyedRequests>() is { CanStore: true } requests
            ? await requests.ExecuteAsync(keyed.Key, keyed.Payload, ask, context.RequestAborted)
            : IdempotencyKey.NotStored;
    }

    private static StoredResponse Form(this HttpContext context, int status, Operation operation)
    {
        var headers = new Dictionary<string, string> { [HeaderNames.ContentType] = StoredResponseResult.JsonContent };
        if (status == StatusCodes.Status202Accepted)
            headers.Add(HeaderNames.Location, $"{context.Request.PathBase.ToUriComponent()}/admin/api/operations/{operation.Id}");
        return new StoredResponse(status, headers, JsonSerializer.SerializeToUtf8Bytes(operation, ProjectionsJson.Web.Operation));
    }

    private sealed record KeyedRequest(string Key, byte[] Payload);
}
