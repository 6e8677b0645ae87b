using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Monolith.BuildingBlocks.Admin.Logs;
using Monolith.BuildingBlocks.Admin.Routes;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events.Postgres.Reading;
using Monolith.BuildingBlocks.Web;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.Responses;

namespace Monolith.BuildingBlocks.Admin.Events;

/// <summary>The events of all logs as one list, and each event with its cause and its consequences.</summary>
internal sealed class EventRoutes(ModuleLogs logs) : IAdminRoutes
{
    private const int MaxRelated = 200;

    private static readonly RouteTag Tag = new("Events", "The logs of all modules as one list.");

    public void Map(RouteGroupBuilder admin)
    {
        var events = admin.MapGroup("").Tag(Tag);
        events.MapRead("/events", EventsJson.Web.PageBodyEventBody, query => EventQuery.Read(query, logs), ListAsync)
            .Refuses(ModuleLogs.TooLong("A log was searched for 5 s."))
            .Summary("List events", "The events of all modules, in the order of time.");
        events.MapRead("/events/tail", EventsJson.Web.EventTailBody, query => EventTailQuery.Read(query, logs), EventTail.ReadAsync)
            .Refuses(EventTail.LogShorter("customers.events", partition: 0, offset: 41, head: 40))
            .Summary("Tail events", "The next events of all modules, by offset.");
        events.MapRead("/events/{id}", EventsJson.Web.EventTraceBody, query => query.RouteId(), TraceAsync)
            .Refuses(NotFound(Guid.Empty), ModuleLogs.TooLong("A log was searched for 5 s."))
            .Summary("Get event", "One event, with its cause and its consequences.");
    }

    private async Task<Result<PageBody<EventBody>>> ListAsync(EventQuery query, CancellationToken cancellation)
    {
        var found = await logs.ListAsync(query.Filter, query.Limit + 1, cancellation, query.Module);
        if (!found.TryGet(out var read, out var error))
            return error;

        var page = PageBody.Of(read, query.Limit, last => query.UrlAfter(EventCursor.Of(last.Record)));
        return new PageBody<EventBody>([.. page.Items.Select(EventBody.Of)], page.Next);
    }

    private async Task<Result<EventTraceBody>> TraceAsync(Guid id, CancellationToken cancellation)
    {
        if (await logs.FindAsync(id, cancellation) is not { } found)
            return NotFound(id);
        if (!(await RelatedAsync(new LogFilter { CausationId = id })).TryGet(out var caused, out var error)
            || !(await RelatedAsync(new LogFilter { CorrelationId = found.Record.CorrelationId })).TryGet(out var correlated, out error))
            return error;

        var causedBy = found.Record.CausationId is { } cause ? await logs.FindAsync(cause, cancellation) : null;
        return new EventTraceBody(
            EventBody.Of(found),
            causedBy is null ? null : EventBody.Of(causedBy),
            [.. caused.Take(MaxRelated).Select(EventBody.Of)],
            [.. correlated.Take(MaxRelated).Select(EventBody.Of)],
            caused.Count > MaxRelated || correlated.Count > MaxRelated);

        Task<Result<IReadOnlyList<FoundEvent>>> RelatedAsync(LogFilter filter) => logs.ListAsync(filter, MaxRelated + 1, cancellation);
    }

    private static Error NotFound(Guid id) => new(
        ErrorKind.NotFound,
        "event-not-found",
        "No such event",
        $"No log of this process contains an event {id}: events list shows those it has. Other processes may run other modules.");
}
