using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Cqrs.Consistency;
using Monolith.BuildingBlocks.Cqrs.Idempotency;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>How the commands of one route are answered: where the caller gave a key, with the very bytes that were kept under it.</summary>
/// <param name="json">The form of the body.</param>
/// <param name="status">The status of a success.</param>
/// <param name="id">The id of what was made, whose place the answer names; null where nothing is made.</param>
internal sealed class CommandAnswer<T>(JsonTypeInfo<T> json, int status, Func<T, Guid>? id = null)
    where T : IVersioned
{
    private const string JsonContent = MediaTypeNames.Application.Json + "; charset=utf-8";

    /// <summary>What is sent for a success.</summary>
    public KeptAnswer Form(HttpRequest request, T value)
    {
        var headers = new Dictionary<string, string>(capacity: 3)
        {
            [HeaderNames.ContentType] = JsonContent,
            [HeaderNames.ETag] = EntityTag.Of(value.Version),
        };
        if (id is not null)
            headers.Add(HeaderNames.Location, $"{(request.PathBase + request.Path).ToUriComponent().TrimEnd('/')}/{id(value)}");
        return new KeptAnswer(status, headers, JsonSerializer.SerializeToUtf8Bytes(value, json));
    }

    /// <summary>Answers a command.</summary>
    public Task SendAsync(HttpContext context, Result<T> answer)
    {
        var command = context.RequestServices.GetRequiredService<CommandContext>();
        if (command.Idempotency is { IsReplay: true, Answer: { } kept })
        {
            context.Response.Headers[IdempotencyKey.Replayed] = "true";
            return SendAsync(context, kept, command.Place);
        }

        return answer.TryGet(out var value, out var error)
            ? SendAsync(context, command.Idempotency?.Answer ?? Form(context.Request, value), command.Place)
            : context.AnswerAsync(error);
    }

    private static Task SendAsync(HttpContext context, KeptAnswer answer, EventPlace? place)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
            response.Headers[name] = value;
        if (place is { } events)
            response.Headers[ConsistencyHeaders.Token] = ConsistencyToken.Of(events);
        response.ContentLength = answer.Body.Length;
        return response.Body.WriteAsync(answer.Body, context.RequestAborted).AsTask();
    }
}
