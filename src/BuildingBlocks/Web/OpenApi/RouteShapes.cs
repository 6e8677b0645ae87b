using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Monolith.BuildingBlocks.Cqrs;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Web.OpenApi;

/// <summary>The shapes of the routes that lead to use cases. A header that all of a sort have is one line in here.</summary>
internal static class RouteShapes
{
    private static readonly RouteHeader[] OfCreations =
    [
        RouteHeader.Actor,
        RouteHeader.ETag,
        RouteHeader.Location,
    ];

    private static readonly RouteHeader[] OfCommands =
    [
        RouteHeader.IfMatch,
        RouteHeader.Actor,
        RouteHeader.ETag,
    ];

    private static readonly RouteHeader[] OfQueries = [];

    public static RouteShape Creation(JsonTypeInfo body, JsonTypeInfo answer) =>
        new() { Body = body, Status = StatusCodes.Status201Created, Answer = answer, Headers = OfCreations };

    /// <param name="id">What the route calls the id.</param>
    /// <param name="body">The command.</param>
    /// <param name="answer">Its answer.</param>
    public static RouteShape Command(string id, JsonTypeInfo body, JsonTypeInfo answer) =>
        new() { Body = body, Read = query => query.RouteId(id), Answer = answer, Headers = OfCommands, Refusals = [RequestErrors.Contended] };

    public static RouteShape Aggregate(JsonTypeInfo answer, Func<QueryReader, object?> read) =>
        new() { Read = read, Answer = answer, Headers = [RouteHeader.IfNoneMatch, RouteHeader.ETag, .. OfQueries] };

    public static RouteShape Query(JsonTypeInfo answer, Func<QueryReader, object?> read) =>
        new() { Read = read, Answer = answer, Headers = answer.Type.IsAssignableTo(typeof(IVersioned)) ? [RouteHeader.ETag, .. OfQueries] : OfQueries };

    public static RouteShape Written(WrittenForm form, Func<QueryReader, object?> read) => new()
    {
        Read = read, MediaType = form.MediaType, AnswerSchema = form.Schema, Headers = form.IsFile ? [RouteHeader.ContentDisposition] : [],
    };

    public static RouteShape Stream(StreamForm form, Func<QueryReader, object?> read) => new()
    {
        Read = read,
        MediaType = "text/event-stream",
        AnswerSchema = () => new JsonObject { ["type"] = "string", ["description"] = form.Messages },
        Headers = form.GoesOn ? [RouteHeader.LastEventId] : [],
        AsksStore = false,
    };
}
