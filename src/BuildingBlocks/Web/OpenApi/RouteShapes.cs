using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The shapes of routes. A header that all routes of a kind have is one line in here.</summary>
internal static class RouteShapes
{
    private static readonly RouteHeader[] OfAll =
    [
        RouteHeader.ConsistencyToken,
        RouteHeader.ConsistencyTimeout,
    ];

    private static readonly RouteHeader[] OfPosts =
    [
        RouteHeader.IdempotencyKey,
        RouteHeader.IdempotencyReplayed,
    ];

    private static readonly RouteHeader[] OfFiles =
    [
        RouteHeader.ContentDisposition,
        RouteHeader.FileETag,
        RouteHeader.AcceptRanges,
        RouteHeader.Range,
        RouteHeader.IfRange,
        RouteHeader.FileIfMatch,
        RouteHeader.IfNoneMatch,
    ];

    private static readonly RouteHeader[] OfCommands =
    [
        RouteHeader.Actor,
        RouteHeader.ETag,
        RouteHeader.ConsistencyTokenResponse,
        .. OfAll,
    ];

    public static RouteShape Creation(JsonTypeInfo body, JsonTypeInfo response) => new()
    {
        Body = body,
        Status = StatusCodes.Status201Created,
        Response = response,
        Headers = [RouteHeader.Location, .. OfPosts, .. OfCommands],
    };

    public static RouteShape Command(HttpMethod method, string id, JsonTypeInfo body, JsonTypeInfo response) => new()
    {
        Body = body,
        Read = query => query.RouteId(id),
        Response = response,
        Headers = [RouteHeader.IfMatch, .. method == HttpMethod.Post ? OfPosts : [], .. OfCommands],
        Errors = [RequestErrors.Contended],
    };

    public static RouteShape Operation(HttpMethod method, JsonTypeInfo response, int status, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        Status = status,
        Response = response,
        Headers =
        [
            .. method == HttpMethod.Post ? OfPosts : [],
            RouteHeader.Actor,
            .. status == StatusCodes.Status202Accepted ? new[] { RouteHeader.Location } : [],
        ],
    };

    public static RouteShape Aggregate(JsonTypeInfo response, Func<QueryReader, object?> read) =>
        new() { Read = read, Response = response, Headers = [RouteHeader.IfNoneMatch, RouteHeader.ETag, .. OfAll] };

    public static RouteShape Query(JsonTypeInfo response, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        Response = response,
        Headers = response.Type.IsAssignableTo(typeof(IVersioned)) ? [RouteHeader.ETag, .. OfAll] : OfAll,
    };

    /// <summary>A read that is not a use case of a module and uses no read model.</summary>
    public static RouteShape Plain(JsonTypeInfo response, Func<QueryReader, object?> read) => new() { Read = read, Response = response };

    public static RouteShape Content(ResponseFormat format, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        MediaType = format.MediaType,
        ResponseSchema = format.Schema,
        Headers = format.IsFile ? [.. OfFiles, .. OfAll] : OfAll,
    };

    public static RouteShape Stream(EventStreamFormat format, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        MediaType = "text/event-stream",
        ResponseSchema = () => new JsonObject { ["type"] = "string", ["description"] = format.Messages },
        Headers = format.CanResume ? [RouteHeader.LastEventId, .. OfAll] : OfAll,
        UsesStore = false,
    };
}
