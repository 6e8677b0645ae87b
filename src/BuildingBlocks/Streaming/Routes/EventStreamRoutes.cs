using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Monolith.BuildingBlocks.Domain;
using Monolith.BuildingBlocks.Events;
using Monolith.BuildingBlocks.Streaming.Feed;
using Monolith.BuildingBlocks.Web.OpenApi;
using Monolith.BuildingBlocks.Web.ServerSentEvents;

namespace Monolith.BuildingBlocks.Streaming.Routes;

/// <summary>Maps the stream of all events.</summary>
public static class EventStreamRoutes
{
    private static readonly RouteTag Tag = new("Events", "The events of all modules as a stream.");

    private static readonly EventStreamFormat Format = new(
        "One message per event: its id is the position with which a client resumes, its name the type of the event, its data the event "
        + "with its envelope, as JSON. A client that is too slow gets the message dropped and has to reconnect.",
        CanResume: true);

    /// <summary>Maps a GET of the events as they are committed: from now on, or after <c>Last-Event-ID</c>.</summary>
    /// <param name="routes">Where to map.</param>
    /// <param name="pattern">The route.</param>
    /// <param name="property">The property of the events' data with the id to filter by; the parameter has the same name.</param>
    public static IEndpointConventionBuilder MapEventStream(this IEndpointRouteBuilder routes, string pattern, string property)
    {
        var feed = routes.ServiceProvider.GetRequiredService<LiveFeed>();
        string[] types = [.. feed.Logs.SelectMany(log => routes.ServiceProvider.GetRequiredKeyedService<EventCatalogue>(log).TypeNames)];
        return routes.MapStream(
                pattern,
                query => EventQuery.Read(query, feed.Logs, types, property),
                (query, lastEventId, cancellation) => OpenAsync(feed, query, lastEventId, cancellation),
                Format)
            .Refuses(LiveFeed.NotReady, LiveFeed.InvalidCursor)
            .Summary("Stream events", "The events of all modules as they are committed, from now on or after Last-Event-ID.").Tag(Tag);
    }

    private static async Task<Result<IEventSource>> OpenAsync(
        LiveFeed feed, EventQuery query, string? lastEventId, CancellationToken cancellation)
    {
        FeedStart from = lastEventId is null ? new FeedStart.Head() : new FeedStart.After(lastEventId);
        var opened = await feed.OpenAsync(from, query.Matches, cancellation);
        return opened.TryGet(out var subscription, out var error) ? new EventSource(subscription) : error;
    }
}
