using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Application;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Requests;

namespace Monolith.BuildingBlocks.Admin.Streams;

/// <summary>The time machine: any entity as it was, folded from its events when somebody asks.</summary>
internal sealed class StreamRoutes(ModuleLogs logs) : IAdminRoutes
{
    private const string FromName = "from";
    private const string ToName = "to";

    private static readonly Error Unreadable = StreamPast.Unreadable("The event at offset 7 cannot be read.");
    private static readonly RouteTag Tag = new("Streams", "Entities as they were at any time.");

    public void Map(RouteGroupBuilder admin)
    {
        var streams = admin.MapGroup("").Tag(Tag);
        streams.MapRead("/streams/{id}", AdminJson.Web.StreamBody, query => (query.RouteId(), StreamPoint.Read(query)), ShowAsync)
            .Refuses(NoStream(Guid.Empty), StreamPoint.NotThere("It has 2 versions, not 3."), Unreadable)
            .Summary("Get stream", "An entity as it was at a version or a time, and the events that led to it.");
        streams.MapRead(
                "/streams/{id}/diff",
                AdminJson.Web.StreamDiffBody,
                query => (query.RouteId(), Start(query), StreamPoint.Read(query, ToName)),
                CompareAsync)
            .Refuses(NoStream(Guid.Empty), StreamPoint.NotThere("It has 2 versions, not 3."), Unreadable)
            .Summary("Compare stream versions", "The fields of an entity that differ between two versions or times.");
    }

    private static StreamPoint Start(QueryReader query) =>
        query.Required(FromName, "Is required: a version, 0 for before the first, or a time.") is null ? default : StreamPoint.Read(query, FromName);

    private async Task<Result<StreamBody>> ShowAsync((Guid Id, StreamPoint Point) asked, CancellationToken cancellation)
    {
        if (await logs.StreamAsync(asked.Id, cancellation) is not ({ } log, { } stream))
            return NoStream(asked.Id);
        if (!asked.Point.CountIn(stream).TryGet(out var version, out var error))
            return error;
        if (version == 0)
            return StreamPoint.NotThere($"It begins at {stream[0].OccurredAt.UtcDateTime:O}: ask for that time or a later one.");
        if (!StreamPast.Of(log, stream.Take(version)).TryGet(out var past, out error))
            return error;

        return new StreamBody(asked.Id, log.Module, past.Entity, version, stream.Count, past.StateAfter(version), [.. past.Moments.Select(StreamEventBody.Of)]);
    }

    private async Task<Result<StreamDiffBody>> CompareAsync((Guid Id, StreamPoint From, StreamPoint To) asked, CancellationToken cancellation)
    {
        if (await logs.StreamAsync(asked.Id, cancellation) is not ({ } log, { } stream))
            return NoStream(asked.Id);
        if (!asked.From.CountIn(stream).TryGet(out var from, out var error) || !asked.To.CountIn(stream).TryGet(out var to, out error))
            return error;
        if (from > to)
            return RequestErrors.Invalid(new Dictionary<string, string[]> { [FromName] = [$"Must not be after {ToName}: it is version {from}, {ToName} is version {to}."] });
        if (!StreamPast.Of(log, stream.Take(to)).TryGet(out var past, out error))
            return error;

        return new StreamDiffBody(
            asked.Id,
            log.Module,
            past.Entity,
            new StreamDiffPoint(from, past.TimeOf(from)),
            new StreamDiffPoint(to, past.TimeOf(to)),
            FieldChanges.Between(past.StateAfter(from), past.StateAfter(to)),
            [.. past.Moments.Skip(from).Select(StreamEventBody.Of)]);
    }

    private static Error NoStream(Guid id) => new(ErrorKind.NotFound, "stream-not-found", "No such stream", $"No log of this process has events of {id}: events list shows the streams there are; those of a module that another process runs are to be asked for there.");
}
