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

namespace Monolith.BuildingBlocks.Web.Responses;

/// <summary>
/// Responds to the commands of one route. A command with an idempotency key sends the very bytes that are stored under the key.
/// </summary>
/// <param name="json">How the body is written.</param>
/// <param name="status">The status of a success.</param>
/// <param name="id">The id of the new resource, for the header <c>Location</c>; null if the command creates none.</param>
internal sealed class CommandResponse<T>(JsonTypeInfo<T> json, int status, Func<T, Guid>? id = null)
    where T : IVersioned
{
    public StoredResponse Of(HttpRequest request, T value)
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

    public Task SendAsync(HttpContext context, CommandOutcome<T> outcome)
    {
        var command = context.RequestServices.GetRequiredService<CommandContext>();
        if (outcome.Replayed is { } replayed)
            return SendAsync(context, replayed, isReplay: true, command.Offset);

        return outcome.Result.TryGet(out var value, out var error)
            ? SendAsync(context, command.Idempotency?.Response ?? Of(context.Request, value), isReplay: false, command.Offset)
            : context.WriteProblemAsync(error);
    }

    private static Task SendAsync(HttpContext context, StoredResponse response, bool isReplay, LogOffset? offset)
    {
        if (offset is { } last)
            context.Response.Headers[ConsistencyHeaders.Token] = ConsistencyToken.Of(last);
        return StoredResponseResult.SendAsync(context, response, isReplay);
    }
}
