using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Events.Consistency;
using Monolith.BuildingBlocks.Events.Idempotency;
using Monolith.BuildingBlocks.Events.Writing;
using Monolith.BuildingBlocks.Web.Problems;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.Answers;

/// <summary>How the commands of one route are answered: where the caller gave a key, with the very bytes that were kept under it.</summary>
/// <param name="json">The form of the body.</param>
/// <param name="status">The status of a success.</param>
/// <param name="id">The id of what was made, whose place the answer names; null where nothing is made.</param>
internal sealed class CommandResponse<T>(JsonTypeInfo<T> json, int status, Func<T, Guid>? id = null)
    where T : IVersioned
{
    /// <summary>What is sent for a success.</summary>
    public StoredResponse Form(HttpRequest request, T value)
    {
        var headers = new Dictionary<string, string>(capacity: 3)
        {
            [HeaderNames.ContentType] = StoredResponseResult.JsonContent,
            [HeaderNames.ETag] = EntityTag.Of(value.Version),
        };
        if (id is not null)
            headers.Add(HeaderNames.Location, $"{(request.PathBase + request.Path).ToUriComponent().TrimEnd('/')}/{id(value)}");
        return new StoredResponse(status, headers, JsonSerializer.SerializeToUtf8Bytes(value, json));
    }

    /// <summary>Answers a command.</summary>
    public Task SendAsync(HttpContext context, CommandOutcome<T> outcome)
    {
        var command = context.RequestServices.GetRequiredService<CommandContext>();
        if (outcome.Replayed is { } replayed)
            return SendAsync(context, replayed, isReplay: true, command.Offset);

        return outcome.Result.TryGet(out var value, out var error)
            ? SendAsync(context, command.Idempotency?.Response ?? Form(context.Request, value), isReplay: false, command.Offset)
            : context.AnswerAsync(error);
    }

    private static Task SendAsync(HttpContext context, StoredResponse answer, bool isReplay, LogOffset? place)
    {
        if (place is { } events)
            context.Response.Headers[ConsistencyHeaders.Token] = ConsistencyToken.Of(events);
        return StoredResponseResult.SendAsync(context, answer, isReplay);
    }
}
