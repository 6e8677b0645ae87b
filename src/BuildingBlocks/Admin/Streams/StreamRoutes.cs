using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>Entities as they were at any time, folded from their events on request.</summary>
internal sealed class StreamRoutes(ModuleLogs logs) : IAdminRoutes
{
    private const string FromName = "from";
    private const string ToName = "to";

    private static readonly Error UnreadableExample = StreamPast.Unreadable("The event at offset 7 cannot be read.");
    private static readonly Error NotFoundExample = StreamPoint.NotFound("It has 2 versions, not 3.");
    private static readonly RouteTag Tag = new("Streams", "Entities as they were at any time.");

    public void Map(RouteGroupBuilder admin)
    {
        var streams = admin.MapGroup("").Tag(Tag);
        streams.MapRead("/streams/{id}", StreamsJson.Web.StreamBody, query => (query.RouteId(), StreamPoint.Read(query)), ShowAsync)
            .Refuses(NoStream(Guid.Empty), NotFoundExample, UnreadableExample)
            .Summary("Get stream", "An entity as it was at a version or a time, and the events that led to it.");
        streams.MapRead(
                "/streams/{id}/diff",
                StreamsJson.Web.StreamDiffBody,
                query => (query.RouteId(), Start(query), StreamPoint.Read(query, ToName)),
                CompareAsync)
            .Refuses(NoStream(Guid.Empty), NotFoundExample, UnreadableExample)
            .Summary("Compare stream versions", "The fields of an entity that differ between two versions or times.");
    }

    private static StreamPoint Start(QueryReader query) =>
        query.Required(FromName, "Is required: a version, 0 for before the first, or a time.") is null
            ? default
            : StreamPoint.Read(query, FromName);

    private async Task<Result<StreamBody>> ShowAsync((Guid Id, StreamPoint Point) request, CancellationToken cancellation)
    {
        if (await logs.StreamAsync(request.Id, cancellation) is not ({ } log, { } stream))
            return NoStream(request.Id);
        if (!request.Point.CountIn(stream).TryGet(out var version, out var error))
            return error;
        if (version == 0)
            return StreamPoint.NotFound($"It begins at {stream[0].OccurredAt.UtcDateTime:O}: request that time or a later one.");
        if (!StreamPast.Of(log, stream.Take(version)).TryGet(out var past, out error))
            return error;

        return new StreamBody(
            request.Id, log.Module, past.Entity, version, stream.Count, past.StateAfter(version), past.EventsAfter(version: 0));
    }

    private async Task<Result<StreamDiffBody>> CompareAsync(
        (Guid Id, StreamPoint From, StreamPoint To) request, CancellationToken cancellation)
    {
        if (await logs.StreamAsync(request.Id, cancellation) is not ({ } log, { } stream))
            return NoStream(request.Id);
        if (!request.From.CountIn(stream).TryGet(out var from, out var error) || !request.To.CountIn(stream).TryGet(out var to, out error))
            return error;
        if (from > to)
            return FromAfterTo(from, to);
        if (!StreamPast.Of(log, stream.Take(to)).TryGet(out var past, out error))
            return error;

        return new StreamDiffBody(
            request.Id,
            log.Module,
            past.Entity,
            new StreamDiffPoint(from, past.TimeOf(from)),
            new StreamDiffPoint(to, past.TimeOf(to)),
            FieldChanges.Between(past.StateAfter(from), past.StateAfter(to)),
            past.EventsAfter(from));
    }

    private static Error FromAfterTo(int from, int to) => RequestErrors.Invalid(new Dictionary<string, string[]>
    {
        [FromName] = [$"Must not be after {ToName}: it is version {from}, {ToName} is version {to}."],
    });

    private static Error NoStream(Guid id) => new(
        ErrorKind.NotFound,
        "stream-not-found",
        "No such stream",
        $"No log of this process contains events of {id}: events list shows its streams. Other processes may run other modules.");
}
