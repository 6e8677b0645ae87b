using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The shapes that routes have. A header that all of a sort have is one line in here.</summary>
internal static class RouteShapes
{
    private static readonly RouteHeader[] OfAll =
    [
        RouteHeader.ConsistencyToken,
        RouteHeader.ConsistencyTimeout,
    ];

    /// <summary>Of every POST that changes something.</summary>
    public static readonly RouteHeader[] OfPosts =
    [
        RouteHeader.IdempotencyKey,
        RouteHeader.IdempotencyReplayed,
    ];

    private static readonly RouteHeader[] OfFiles =
    [
        RouteHeader.ContentDisposition,
        RouteHeader.FileTag,
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
        RouteHeader.ConsistencyTokenAnswer,
        .. OfAll,
    ];

    public static RouteShape Creation(JsonTypeInfo body, JsonTypeInfo answer) =>
        new() { Body = body, Status = StatusCodes.Status201Created, Answer = answer, Headers = [RouteHeader.Location, .. OfPosts, .. OfCommands] };

    /// <param name="method">Its method.</param>
    /// <param name="id">What the route calls the id.</param>
    /// <param name="body">The command.</param>
    /// <param name="answer">Its answer.</param>
    public static RouteShape Command(HttpMethod method, string id, JsonTypeInfo body, JsonTypeInfo answer) => new()
    {
        Body = body, Read = query => query.RouteId(id), Answer = answer, Headers = [RouteHeader.IfMatch, .. method == HttpMethod.Post ? OfPosts : [], .. OfCommands], Refusals = [RequestErrors.Contended],
    };

    public static RouteShape Aggregate(JsonTypeInfo answer, Func<QueryReader, object?> read) =>
        new() { Read = read, Answer = answer, Headers = [RouteHeader.IfNoneMatch, RouteHeader.ETag, .. OfAll] };

    public static RouteShape Query(JsonTypeInfo answer, Func<QueryReader, object?> read) =>
        new() { Read = read, Answer = answer, Headers = answer.Type.IsAssignableTo(typeof(IVersioned)) ? [RouteHeader.ETag, .. OfAll] : OfAll };

    /// <summary>What is no use case of a module, and answered from no read model.</summary>
    public static RouteShape Plain(JsonTypeInfo answer, Func<QueryReader, object?> read) => new() { Read = read, Answer = answer };

    public static RouteShape Written(WrittenForm form, Func<QueryReader, object?> read) => new()
    {
        Read = read, MediaType = form.MediaType, AnswerSchema = form.Schema, Headers = form.IsFile ? [.. OfFiles, .. OfAll] : OfAll,
    };

    public static RouteShape Stream(StreamForm form, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        MediaType = "text/event-stream",
        AnswerSchema = () => new JsonObject { ["type"] = "string", ["description"] = form.Messages },
        Headers = form.GoesOn ? [RouteHeader.LastEventId, .. OfAll] : OfAll,
        AsksStore = false,
    };
}
